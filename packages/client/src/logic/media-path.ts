import type { MediaPath } from '../room-types.ts';

/** The fields of `RTCStats` entries that tell the path. */
export interface PathStats {
  readonly id: string;
  readonly type: string;
  readonly selectedCandidatePairId?: string;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  /** Firefox only, which has no `transport` entries. */
  readonly selected?: boolean;
  readonly candidateType?: string;
  readonly protocol?: string;
  readonly relayProtocol?: string;
}

/** Reads the path from a statistics report; null when no pair of candidates has been selected yet. */
export function readMediaPath(report: ReadonlyMap<string, PathStats>): MediaPath | null {
  const pair = selectedPair(report);
  const local = report.get(pair?.localCandidateId ?? '');
  const remote = report.get(pair?.remoteCandidateId ?? '');
  if (local === undefined || remote === undefined) return null;
  const relayedHere = local.candidateType === 'relay';
  const protocol = (relayedHere ? local.relayProtocol : undefined) ?? local.protocol;
  return {
    relayed: relayedHere || remote.candidateType === 'relay',
    protocol: protocol === 'tls' || protocol === 'tcp' ? protocol : 'udp',
  };
}

function selectedPair(report: ReadonlyMap<string, PathStats>): PathStats | undefined {
  const entries = [...report.values()];
  const transport = entries.find((entry) => entry.type === 'transport');
  const pair = report.get(transport?.selectedCandidatePairId ?? '');
  return pair ?? entries.find((entry) => entry.type === 'candidate-pair' && entry.selected === true);
}

export function isSamePath(left: MediaPath | null, right: MediaPath | null): boolean {
  return left?.relayed === right?.relayed && left?.protocol === right?.protocol;
}
