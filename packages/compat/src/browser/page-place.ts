import { advisePlace, adviseSilence, type PagePlace } from './place-advice.ts';

/** What `advisePlace` says of this page. */
export function explainPlace(server: URL): string | null {
  return advisePlace(readPlace(), server);
}

/** Why the signaling of a server does not answer this page; empty where the reason is the place, which was told before. */
export async function explainSilence(server: URL): Promise<string> {
  const place = readPlace();
  if (advisePlace(place, server) !== null) return '';
  // An answer that this page may not read is one, too.
  const answers = await fetch(new URL('/simplewebrtc.js', server), { method: 'HEAD', mode: 'no-cors' }).then(
    () => true,
    () => false,
  );
  return adviseSilence(place, server, answers);
}

function readPlace(): PagePlace {
  const { protocol, hostname, origin } = globalThis.location;
  return { protocol, hostname, origin, isSecure: globalThis.isSecureContext };
}
