import type { Guest } from '../browser/guest.ts';

/** One pair of candidates of a page's first connection, as its browser counts it. */
export interface PairSample {
  readonly local: string;
  readonly remote: string;
  readonly state: string;
  readonly isNominated: boolean;
  readonly isSelected: boolean;
  readonly priority: number;
  readonly requestsSent: number;
  readonly responsesReceived: number;
  readonly requestsReceived: number;
  readonly roundTripSeconds: number | null;
  readonly bytesSent: number;
}

/** Lists every pair of candidates of the page's first connection, whatever has become of it. */
export function listCandidatePairs(guest: Guest): Promise<PairSample[]> {
  return guest.evaluate(listInPage, null);
}

async function listInPage(): Promise<PairSample[]> {
  type Stats = Record<string, unknown> & { type: string; id: string };
  const byId = new Map<string, Stats>();
  const report = await window.callboxProbe.connections[0]?.getStats();
  report?.forEach((stats: Stats) => byId.set(stats.id, stats));
  const all = [...byId.values()];
  const chosen = all.find(({ type }) => type === 'transport')?.['selectedCandidatePairId'];
  const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
  const nameOf = (id: unknown): string => {
    const candidate = typeof id === 'string' ? byId.get(id) : undefined;
    const parts = [candidate?.['candidateType'], candidate?.['relayProtocol'], candidate?.['port']];
    return parts.filter((part) => typeof part === 'string' || typeof part === 'number').join(' ');
  };
  return all
    .filter(({ type }) => type === 'candidate-pair')
    .map((pair) => ({
      local: nameOf(pair['localCandidateId']),
      remote: nameOf(pair['remoteCandidateId']),
      state: String(pair['state']),
      isNominated: pair['nominated'] === true,
      isSelected: pair.id === chosen || pair['selected'] === true,
      priority: numberOf(pair['priority']),
      requestsSent: numberOf(pair['requestsSent']),
      responsesReceived: numberOf(pair['responsesReceived']),
      requestsReceived: numberOf(pair['requestsReceived']),
      roundTripSeconds:
        typeof pair['currentRoundTripTime'] === 'number' ? pair['currentRoundTripTime'] : null,
      bytesSent: numberOf(pair['bytesSent']),
    }));
}
