import type { Guest } from '../browser/guest.ts';

/** What one page sends of its camera to one other, by its browser's own count. */
export interface SentCamera {
  readonly isActive: boolean;
  readonly maxBitsPerSecond: number | null;
  readonly framesSent: number;
}

/** How the connections of a page can be told by those at their other ends: its certificate, which is one for the whole stay. */
export function readFingerprint(guest: Guest): Promise<string> {
  return guest.evaluate(() => {
    const connection = window.callboxProbe.connections.findLast((each) => each.localDescription !== null);
    const [line = ''] = /a=fingerprint:\S+ \S+/.exec(connection?.localDescription?.sdp ?? '') ?? [];
    if (line === '') throw new Error('the page has no connection');
    return line;
  }, null);
}

/** What a guest sends of its camera to the page of that fingerprint. */
export function readCamera(guest: Guest, fingerprint: string): Promise<SentCamera> {
  return guest.evaluate(async (wanted): Promise<SentCamera> => {
    const connection = window.callboxProbe.connections.findLast((each) =>
      // Firefox writes it in capitals too, and where it likes.
      (each.currentRemoteDescription?.sdp ?? '').toLowerCase().includes(wanted.toLowerCase()),
    );
    const camera = connection?.getSenders().find(({ track }) => track?.kind === 'video');
    // One that is closed meanwhile may refuse to be asked.
    const statistics =
      connection === undefined ? null : await window.callboxProbe.statisticsOf(connection).catch(() => null);
    if (statistics === null || camera === undefined)
      return { isActive: false, maxBitsPerSecond: null, framesSent: -1 };
    const encoding = camera.getParameters().encodings[0];
    let framesSent = 0;
    statistics.forEach((stats: Record<string, unknown>) => {
      if (stats['type'] === 'outbound-rtp' && stats['kind'] === 'video')
        framesSent += Number(stats['framesSent'] ?? 0);
    });
    return {
      isActive: encoding?.active ?? false,
      maxBitsPerSecond: encoding?.maxBitrate ?? null,
      framesSent,
    };
  }, fingerprint);
}
