import { randomBytes } from 'node:crypto';
import { formatIpAddress, formatTransportAddress, type TransportAddress } from '@callbox/stun';
import type { RelayTarget } from './client-wire.ts';
import { RelayProbeError, type RelayProbeStep } from './relay-probe-error.ts';
import { openTurnClient, type RelayCredential, type TurnClient } from './turn-client.ts';

export interface RelayProbeOptions extends RelayTarget, RelayCredential {
  /** For everything together, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
}

/** What came of a probe. */
export type RelayProbe =
  | {
      readonly ok: true;
      /** From one client through two relays to the other and back, in milliseconds. */
      readonly roundTripMs: number;
      /** From the first step until both allocations stood. */
      readonly setUpMs: number;
      /** Our own address as the server sees it. */
      readonly mappedAddress: string;
      /** The address that the server gives to its clients for others to send to. */
      readonly relayedAddress: string;
      /** The same with its port. */
      readonly relayed: string;
    }
  | {
      readonly ok: false;
      readonly step: RelayProbeStep;
      /** The system's or the server's word for it, such as `ECONNREFUSED` or `401 Unauthorized`. */
      readonly reason: string;
      /** STUN error code of the server's answer, where it gave one. */
      readonly answeredCode: number | undefined;
    };

const defaultTimeoutMs = 5_000;
/** A packet may be lost on its way: another one follows it, until one is back. */
const packetPauseMs = 250;

interface Party {
  readonly client: TurnClient;
  readonly relayed: TransportAddress;
  readonly mapped: TransportAddress;
}

/**
 * Sees for itself whether a relay relays: two clients allocate, permit each other, and a packet goes from one through both
 * relays to the other and back. Both allocations are ended afterwards. Never rejects.
 */
export async function probeRelay(options: RelayProbeOptions): Promise<RelayProbe> {
  // Not AbortSignal.timeout, which lets a program end while it waits.
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), options.timeoutMs ?? defaultTimeoutMs);
  const deadline = over.signal;
  const parties: TurnClient[] = [];
  const startedAt = performance.now();
  let onEcho = (_payload: Uint8Array): void => {};

  async function open(onData: (payload: Uint8Array, from: TransportAddress) => void): Promise<Party> {
    const client = await openTurnClient({ target: options, credential: options, signal: deadline, onData });
    parties.push(client);
    return { client, ...(await client.allocate()) };
  }

  try {
    const answering = await open((payload, from) => answering.client.send(from, payload));
    const asking = await open((payload) => onEcho(payload));
    await asking.client.permit(answering.relayed);
    await answering.client.permit(asking.relayed);
    const setUpMs = performance.now() - startedAt;
    const roundTripMs = await exchange(asking, answering.relayed, deadline, (listener) => {
      onEcho = listener;
    });
    return {
      ok: true,
      roundTripMs,
      setUpMs,
      mappedAddress: formatIpAddress(asking.mapped.address),
      relayedAddress: formatIpAddress(asking.relayed.address),
      relayed: formatTransportAddress(asking.relayed),
    };
  } catch (error) {
    if (!(error instanceof RelayProbeError)) throw error;
    return { ok: false, step: error.step, reason: error.message, answeredCode: error.answeredCode };
  } finally {
    clearTimeout(timer);
    for (const client of parties) client.close();
  }
}

/** Sends numbered packets until one is back; resolves with how long that one took. */
function exchange(
  asking: Party,
  to: TransportAddress,
  deadline: AbortSignal,
  listen: (listener: (payload: Uint8Array) => void) => void,
): Promise<number> {
  const sentAt = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  const exchanged = new Promise<number>((resolve, reject) => {
    const giveUp = (): void => reject(new RelayProbeError('packet', 'no packet came back in time'));
    if (deadline.aborted) giveUp();
    deadline.addEventListener('abort', giveUp, { once: true });
    listen((payload) => {
      const at = sentAt.get(Buffer.from(payload).toString('hex'));
      if (at === undefined) return;
      deadline.removeEventListener('abort', giveUp);
      resolve(performance.now() - at);
    });
    const send = (): void => {
      const payload = randomBytes(16);
      sentAt.set(payload.toString('hex'), performance.now());
      asking.client.send(to, payload);
      timer = setTimeout(send, packetPauseMs);
    };
    send();
  });
  return exchanged.finally(() => clearTimeout(timer));
}
