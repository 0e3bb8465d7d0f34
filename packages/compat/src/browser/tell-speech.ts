import type { Config } from './options.ts';
import type { Peer } from './peer.ts';
import { watchSpeech, type SpeechWatch } from './speech-watch.ts';

/** What speech is told to: the page, by events, and the others, over the channel that old pages have for it. */
export interface SpeechHost {
  readonly config: Pick<Config, 'harkOptions'>;
  readonly peers: readonly Peer[];
  isAudioEnabled(): boolean;
  emit(name: string, ...values: readonly unknown[]): unknown;
}

const channelLabel = 'hark';

/** Tells when this person speaks, and how loud. */
export function tellSpeech(host: SpeechHost, level: () => number): SpeechWatch {
  const { threshold = -50, interval = 100 } = host.config.harkOptions ?? {};

  function tellOthers(type: string, more: object = {}): void {
    if (!host.isAudioEnabled()) return;
    for (const peer of host.peers) {
      const channel = peer.enableDataChannels ? peer.getDataChannel(channelLabel) : undefined;
      if (channel?.readyState === 'open') channel.send(JSON.stringify({ type, ...more }));
    }
  }

  return watchSpeech({
    level,
    thresholdDecibels: threshold,
    intervalMs: interval,
    onSpeaking() {
      host.emit('speaking');
      tellOthers('speaking');
    },
    onStopped() {
      host.emit('stoppedSpeaking');
      tellOthers('stoppedSpeaking');
    },
    onVolume(volume) {
      host.emit('volumeChange', volume, threshold);
      tellOthers('volume', { volume });
    },
  });
}
