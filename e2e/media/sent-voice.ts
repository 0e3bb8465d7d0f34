import type { Guest } from '../browser/guest.ts';

/** How a page sends its voice now, by its browser's own account. */
export interface SentVoice {
  /**
   * Such as `opus`: what comes first in the other side's description. Chromium's statistics speak of Opus also where each packet of it
   * is sent twice.
   */
  readonly format: string;
  /** What the encoder was told. */
  readonly parameters: string;
  readonly bytesSent: number;
  readonly packetsSent: number;
  /** Whether the browser takes echoes out. */
  readonly isCleaned: boolean | undefined;
}

export function readVoice(guest: Guest): Promise<SentVoice | null> {
  return guest.evaluate(async (): Promise<SentVoice | null> => {
    const connection = window.callboxProbe.connections.findLast(
      ({ connectionState }) => connectionState === 'connected',
    );
    const track = connection?.getSenders().find((sender) => sender.track?.kind === 'audio')?.track;
    if (connection === undefined || track === undefined || track === null) return null;
    const entries: Record<string, unknown>[] = [];
    (await window.callboxProbe.statisticsOf(connection)).forEach((entry: Record<string, unknown>) =>
      entries.push(entry),
    );
    // The other section of sound is that of a screen, which is not shown.
    const sent = entries.find(
      (entry) =>
        entry['type'] === 'outbound-rtp' && entry['kind'] === 'audio' && Number(entry['bytesSent']) > 0,
    );
    const codec = entries.find(({ id }) => id === sent?.['codecId']);
    if (sent === undefined || codec === undefined) return null;
    const sdp = connection.currentRemoteDescription?.sdp ?? '';
    const [, first = ''] = /^m=audio \S+ \S+ (\d+)/m.exec(sdp) ?? [];
    const [, format = ''] = new RegExp(`^a=rtpmap:${first} ([^/]+)/`, 'm').exec(sdp) ?? [];
    return {
      format,
      parameters: String(codec['sdpFmtpLine']),
      bytesSent: Number(sent['bytesSent']),
      packetsSent: Number(sent['packetsSent']),
      isCleaned: track.getSettings().echoCancellation as boolean | undefined,
    };
  }, null);
}
