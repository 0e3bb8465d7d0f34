import type { Guest } from '../browser/guest.ts';

/** What a page was given to reach the relay with. */
export interface RelayAccess {
  readonly urls: readonly string[];
  readonly username: string;
  readonly password: string;
}

/** Reads what the page's first connection was given. */
export function readRelayAccess(guest: Guest): Promise<RelayAccess> {
  return guest.evaluate((): RelayAccess => {
    const servers = window.callboxProbe.connections[0]?.getConfiguration().iceServers ?? [];
    const server = servers.find(({ username }) => username !== undefined);
    return {
      urls: servers.flatMap(({ urls }) => urls),
      username: server?.username ?? '',
      password: typeof server?.credential === 'string' ? server.credential : '',
    };
  }, null);
}
