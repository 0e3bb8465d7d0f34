import { advisePlace, adviseSilence, type PagePlace } from './place-advice.ts';

/** A firewall that lets nothing through says nothing either. */
const answersWithinMs = 5_000;

/** What `advisePlace` says of this page. */
export function explainPlace(server: URL): string | null {
  return advisePlace(readPlace(), server);
}

/** Why the signaling of a server does not answer this page; empty where the reason is the place, which was told before. */
export async function explainSilence(server: URL): Promise<string> {
  const place = readPlace();
  if (advisePlace(place, server) !== null) return '';
  const script = new URL('/simplewebrtc.js', server);
  // An answer that this page may not read is one, too.
  const look = { method: 'HEAD', mode: 'no-cors', signal: AbortSignal.timeout(answersWithinMs) } as const;
  const answers = await fetch(script, look).then(
    () => true,
    () => false,
  );
  return adviseSilence(place, server, answers);
}

function readPlace(): PagePlace {
  const { protocol, hostname, origin } = globalThis.location;
  return { protocol, hostname, origin, isSecure: globalThis.isSecureContext };
}
