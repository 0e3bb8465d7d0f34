type Word = 'here' | 'here-too' | 'gone';

/**
 * Says whether this browser has the same room open in another tab: the loudspeaker of one would be heard by the microphone
 * of the other. Tabs of one origin hear each other; nothing leaves the browser.
 *
 * @returns the way to stop.
 */
export function watchOtherTabs(room: string, onChange: (isThere: boolean) => void): () => void {
  const channel = new BroadcastChannel(`callbox.room.${room}`);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none: it never leaves its origin
  const say = (word: Word) => channel.postMessage(word);
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data === 'here') say('here-too');
    if (data === 'here' || data === 'here-too') onChange(true);
    if (data === 'gone') {
      onChange(false);
      // There may be a third.
      say('here');
    }
  });
  const leave = () => say('gone');
  globalThis.addEventListener?.('pagehide', leave);
  say('here');
  return () => {
    globalThis.removeEventListener?.('pagehide', leave);
    leave();
    channel.close();
  };
}
