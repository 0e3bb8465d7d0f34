import { iceGrantSchema, parseWith, type IceServer } from '@callbox/contract';
import { randomUUID } from 'node:crypto';
import { probeRelay, timeLimitedPassword } from '@callbox/turn';
import { lifetimeForChecksSeconds } from '../../ice-servers/create-ice-server-issuer.ts';
import { toUrlHost } from '../../network/host.ts';
import { guestAccount } from '../../turn/guest-name.ts';
import type { RelayFact, RelayFacts } from '../facts.ts';
import { fetchAnswer, type Answer } from './fetch-answer.ts';
import { CHECK_PATH } from '../../http/create-check-handler.ts';

/** `turn:host:port?transport=udp` (RFC 7065 §3.1). */
const turnUrl =
  /^(?<scheme>turns?):(?:\[(?<literal>[^\]]+)\]|(?<host>[^:?]+))(?::(?<port>\d+))?(?:\?transport=(?<transport>udp|tcp))?$/;

function parseTurnUrl(url: string): Pick<RelayFact, 'url' | 'transport' | 'host' | 'port'> | undefined {
  const groups = turnUrl.exec(url)?.groups;
  if (groups === undefined) return undefined;
  const isTls = groups['scheme'] === 'turns';
  const transport = isTls ? 'tls' : groups['transport'] === 'tcp' ? 'tcp' : 'udp';
  const port = groups['port'] === undefined ? (isTls ? 5349 : 3478) : Number(groups['port']);
  return { url, transport, host: groups['literal'] ?? groups['host'] ?? '', port };
}

async function tryAll(iceServers: readonly IceServer[], timeoutMs: number): Promise<readonly RelayFact[]> {
  const wanted = iceServers.flatMap(({ urls, username, credential }) =>
    urls.map((url) => ({ target: parseTurnUrl(url), username, credential })),
  );
  const tries = wanted.map(async ({ target, username, credential }) => {
    if (target === undefined || username === undefined || credential === undefined) return undefined;
    const { transport, host, port } = target;
    const probe = await probeRelay({ transport, host, port, username, password: credential, timeoutMs });
    return { ...target, probe };
  });
  return (await Promise.all(tries)).filter((fact) => fact !== undefined);
}

/** The server's own time, which comes with its credentials. */
function readServerTime(body: unknown): number | undefined {
  return typeof body === 'object' && body !== null && 'nowMs' in body && typeof body.nowMs === 'number'
    ? body.nowMs
    : undefined;
}

async function ask(base: string, host: string | undefined, timeoutMs: number): Promise<Answer | undefined> {
  try {
    const answer = await fetchAnswer({
      url: `${base}${CHECK_PATH}`,
      ...(host === undefined ? {} : { host }),
      timeoutMs,
    });
    return answer.status === 200 ? answer : undefined;
  } catch {
    // Whether it can be reached at all has been looked at before.
    return undefined;
  }
}

/** Tries a relay that runs without signaling, with credentials made as the signaling elsewhere makes them. */
export async function probeRelayAlone(
  place: { readonly host: string; readonly port: number },
  secret: string,
  timeoutMs: number,
): Promise<RelayFacts> {
  const account = guestAccount({ roomTag: 'doctor', participantId: randomUUID() });
  const username = `${Math.floor(Date.now() / 1000) + lifetimeForChecksSeconds}:${account}`;
  const name = `turn:${toUrlHost(place.host)}:${place.port}`;
  const iceServers = [
    {
      urls: [`${name}?transport=udp`, `${name}?transport=tcp`],
      username,
      credential: timeLimitedPassword(secret, username),
    },
  ];
  return { iceServers, tries: await tryAll(iceServers, timeoutMs) };
}

/**
 * Asks the server for what a guest is told, and tries all of it.
 *
 * @param host the Host header: how guests would reach the server, where that is not the address that is asked.
 */
export async function probeRelays(
  base: string,
  host: string | undefined,
  timeoutMs: number,
): Promise<RelayFacts & { readonly clockAheadMs: number | undefined }> {
  const answer = await ask(base, host, timeoutMs);
  if (answer === undefined) return { iceServers: undefined, tries: [], clockAheadMs: undefined };
  let body: unknown;
  try {
    body = JSON.parse(answer.body);
  } catch {
    body = undefined;
  }
  const grant = parseWith(iceGrantSchema, body);
  if (!grant.ok) return { iceServers: undefined, tries: [], clockAheadMs: undefined };
  const serverTime = readServerTime(body);
  return {
    iceServers: grant.value.iceServers,
    tries: await tryAll(grant.value.iceServers, timeoutMs),
    clockAheadMs: serverTime === undefined ? undefined : serverTime - (answer.sentAtMs + answer.cameAtMs) / 2,
  };
}
