import type { IceServer } from '@callbox/contract';
import { timeLimitedPassword } from '@callbox/turn';
import type { ForeignIceServer } from '../config/relay-value-types.ts';

/** Servers of others, with credentials for one participant. */
export interface ForeignServers {
  readonly iceServers: readonly IceServer[];
  /** How long the credentials are good for, in seconds; undefined where none of them ends. */
  readonly lifetimeSeconds: number | undefined;
}

export interface ForeignServerRequest {
  /** Stands for the participant: quotas go by it. */
  readonly account: string;
  /** No credentials shall be good for longer, in seconds. */
  readonly maxLifetimeSeconds: number;
  /** Seconds since 1970. */
  readonly nowSeconds: number;
}

/** Servers that share credentials are one entry, in the order of their first. */
function groupByCredentials(servers: readonly ForeignIceServer[]): readonly (readonly ForeignIceServer[])[] {
  const groups = new Map<string, ForeignIceServer[]>();
  for (const server of servers) {
    const key = JSON.stringify(server.credentials ?? null);
    groups.set(key, [...(groups.get(key) ?? []), server]);
  }
  return [...groups.values()];
}

/** The servers as a browser takes them; time-limited credentials are made in the way that all TURN servers of note know. */
export function listForeignServers(
  servers: readonly ForeignIceServer[],
  { account, maxLifetimeSeconds, nowSeconds }: ForeignServerRequest,
): ForeignServers {
  const lifetimes: number[] = [];
  const iceServers = groupByCredentials(servers).map((group): IceServer => {
    const urls = group.map(({ url }) => url);
    const credentials = group[0]?.credentials;
    if (credentials === undefined) return { urls };
    if (credentials.kind === 'static') {
      const { username, credential } = credentials;
      return { urls, username, credential };
    }
    const lifetime = Math.min(credentials.lifetimeSeconds, maxLifetimeSeconds);
    lifetimes.push(lifetime);
    const username = `${nowSeconds + lifetime}:${account}`;
    return { urls, username, credential: timeLimitedPassword(credentials.secret, username) };
  });
  return { iceServers, lifetimeSeconds: lifetimes.length === 0 ? undefined : Math.min(...lifetimes) };
}
