import type { Guest } from '../browser/guest.ts';

/** One end of the path that media takes. */
export interface CandidateSample {
  readonly type: string;
  readonly protocol: string;
  /** How this browser reaches its own relay: `udp`, `tcp` or `tls`; null where there is none or it is the other side's. */
  readonly relayProtocol: string | null;
  readonly address: string;
  readonly port: number;
  /** The URL of the ICE server that gave the candidate, where the browser says so. */
  readonly url: string | null;
}

/** What one connection of a page has received so far, by the browser's own count. */
export interface LinkSample {
  /** Place of the connection in the order in which the page made them: its name from sample to sample. */
  readonly index: number;
  readonly state: RTCPeerConnectionState;
  readonly framesDecoded: number;
  readonly videoBytes: number;
  readonly audioBytes: number;
  /** Sum over time of the squared level of what was played (W3C WebRTC statistics): it rises with sound alone. */
  readonly audioEnergy: number;
  readonly path: { readonly local: CandidateSample; readonly remote: CandidateSample } | null;
}

/** Samples every connection of the page that is not closed. */
export function sampleLinks(guest: Guest): Promise<LinkSample[]> {
  return guest.evaluate(sampleInPage, null);
}

async function sampleInPage(): Promise<LinkSample[]> {
  type Stats = Record<string, unknown> & { type: string; id: string };
  const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
  const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
  const candidateOf = (stats: Stats | undefined): CandidateSample => ({
    type: textOf(stats?.['candidateType']),
    protocol: textOf(stats?.['protocol']),
    relayProtocol: textOf(stats?.['relayProtocol']) || null,
    address: textOf(stats?.['address']),
    port: numberOf(stats?.['port']),
    url: textOf(stats?.['url']) || null,
  });
  const sample = async (connection: RTCPeerConnection, index: number): Promise<LinkSample> => {
    const byId = new Map<string, Stats>();
    (await window.callboxProbe.statisticsOf(connection)).forEach((stats: Stats) => byId.set(stats.id, stats));
    const all = [...byId.values()];
    const inbound = (kind: string, field: string) =>
      all
        .filter((stats) => stats.type === 'inbound-rtp' && stats['kind'] === kind)
        .reduce((sum, stats) => sum + numberOf(stats[field]), 0);
    const chosen = all.find((stats) => stats.type === 'transport')?.['selectedCandidatePairId'];
    const pair =
      byId.get(textOf(chosen)) ??
      all.find(
        (stats) =>
          stats.type === 'candidate-pair' && stats['selected'] === true && stats['nominated'] === true,
      );
    return {
      index,
      state: connection.connectionState,
      framesDecoded: inbound('video', 'framesDecoded'),
      videoBytes: inbound('video', 'bytesReceived'),
      audioBytes: inbound('audio', 'bytesReceived'),
      audioEnergy: inbound('audio', 'totalAudioEnergy'),
      path:
        pair === undefined
          ? null
          : {
              local: candidateOf(byId.get(textOf(pair['localCandidateId']))),
              remote: candidateOf(byId.get(textOf(pair['remoteCandidateId']))),
            },
    };
  };
  const links: Promise<LinkSample>[] = [];
  window.callboxProbe.connections.forEach((connection, index) => {
    if (connection.signalingState !== 'closed') links.push(sample(connection, index));
  });
  return Promise.all(links);
}
