import type { Guest } from '../browser/guest.ts';

/** What a page allows its browser to send of the camera. */
export interface Rung {
  /** Each second; 0 while the camera is not sent. */
  readonly bits: number;
  /** By how much the picture is made smaller. */
  readonly scale: number;
  readonly framesPerSecond: number;
}

interface LadderPage extends Window {
  ladder?: Rung[];
}

/** Notes what the page allows for the connection it has, each time that this changes. */
export function watchLadder(guest: Guest): Promise<void> {
  return guest.evaluate(() => {
    const page: LadderPage = window;
    const ladder: Rung[] = (page.ladder = []);
    setInterval(() => {
      const connection = window.callboxProbe.connections.findLast(
        ({ signalingState }) => signalingState !== 'closed',
      );
      const sender = connection?.getSenders().find(({ track }) => track?.kind === 'video');
      const encoding = sender?.getParameters().encodings[0];
      if (encoding === undefined) return;
      const { active, maxBitrate = Infinity, maxFramerate = Infinity, scaleResolutionDownBy = 1 } = encoding;
      const rung: Rung = {
        bits: active ? maxBitrate : 0,
        scale: scaleResolutionDownBy,
        framesPerSecond: maxFramerate,
      };
      if (JSON.stringify(ladder.at(-1)) !== JSON.stringify(rung)) ladder.push(rung);
    }, 100);
  }, null);
}

export function readLadder(guest: Guest): Promise<readonly Rung[]> {
  return guest.evaluate(() => (window as LadderPage).ladder ?? [], null);
}
