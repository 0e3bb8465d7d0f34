import type { Guest } from '../browser/guest.ts';

/** What a page has received by now over the connection it has. */
export interface Received {
  readonly atMs: number;
  readonly voiceBytes: number;
  readonly pictureBytes: number;
  readonly framesDecoded: number;
  /** Of the last frame. */
  readonly frameHeight: number;
}

export function sampleReceived(guest: Guest): Promise<Received> {
  return guest.evaluate(async (): Promise<Received> => {
    const connection = window.callboxProbe.connections.findLast(
      ({ connectionState }) => connectionState === 'connected',
    );
    const sums = { voiceBytes: 0, pictureBytes: 0, framesDecoded: 0, frameHeight: 0 };
    if (connection !== undefined) {
      (await window.callboxProbe.statisticsOf(connection)).forEach((stats: Record<string, unknown>) => {
        if (stats['type'] !== 'inbound-rtp') return;
        const bytes = Number(stats['bytesReceived'] ?? 0);
        if (stats['kind'] === 'audio') sums.voiceBytes += bytes;
        if (stats['kind'] !== 'video') return;
        sums.pictureBytes += bytes;
        sums.framesDecoded += Number(stats['framesDecoded'] ?? 0);
        sums.frameHeight = Math.max(sums.frameHeight, Number(stats['frameHeight'] ?? 0));
      });
    }
    return { atMs: performance.now(), ...sums };
  }, null);
}
