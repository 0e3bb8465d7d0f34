import type { IceGrant } from '@callbox/contract';

/** ICE servers as old pages are told of them: in two lists, the second with credentials. */
export interface OldIceServers {
  readonly stunservers: readonly { readonly urls: readonly string[] }[];
  readonly turnservers: readonly {
    readonly urls: readonly string[];
    readonly username?: string;
    readonly credential?: string;
  }[];
}

/** A TURN server over UDP answers STUN at the same place (RFC 8656 §2). */
function stunUrlOf(turnUrl: string): string | undefined {
  const match = /^turn:([^?]+)(?:\?transport=udp)?$/.exec(turnUrl);
  return match === null ? undefined : `stun:${match[1]}`;
}

/** Spells a grant for an old page. */
export function listOldIceServers({ iceServers }: IceGrant): OldIceServers {
  const urls = iceServers.flatMap((server) => server.urls);
  const stunUrls = [...urls.filter((url) => url.startsWith('stun:')), ...urls.map(stunUrlOf)].filter(
    (url) => url !== undefined,
  );
  const turnservers = iceServers
    .map((server) => ({ ...server, urls: server.urls.filter((url) => !url.startsWith('stun:')) }))
    .filter((server) => server.urls.length > 0);
  return {
    stunservers: [...new Set(stunUrls)].map((url) => ({ urls: [url] })),
    turnservers,
  };
}
