import type { CheckState, CheckWay, ConnectivitySnapshot } from '@callbox/client';

export type Verdict =
  | 'running'
  | 'good'
  /** By the slow ways only. */
  | 'slow'
  /** Much is lost on the way. */
  | 'lossy'
  /** No way through the server: open networks alone will be reached. */
  | 'direct'
  | 'bad'
  /** The browser gives this page no devices. */
  | 'insecure';

/** From here on voices have holes in spite of all that mends them. */
const tolerableLoss = 0.05;
const relays = ['relay-udp', 'relay-tcp', 'relay-tls'] as const satisfies readonly CheckWay[];

const isGood = (state: CheckState): boolean => state.kind === 'good';

/** Says in one word what the tries mean for a call. */
export function judgeConnectivity({ state, ways }: ConnectivitySnapshot, isSecure: boolean): Verdict {
  if (!isSecure) return 'insecure';
  if (state !== 'done') return 'running';
  if (ways.socket.kind === 'failed') return 'bad';
  const best = relays.map((way) => ways[way]).find(isGood);
  if (best === undefined) return isGood(ways.mapping) ? 'direct' : 'bad';
  if (best.kind === 'good' && (best.figures.lossShare ?? 0) > tolerableLoss) return 'lossy';
  return isGood(ways['relay-udp']) ? 'good' : 'slow';
}
