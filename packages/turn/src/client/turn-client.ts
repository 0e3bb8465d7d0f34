import { randomBytes } from 'node:crypto';
import {
  encodeMessage,
  errorCode,
  longTermKey,
  nonce as nonceAttribute,
  parseMessage,
  readAttribute,
  realm as realmAttribute,
  username as usernameAttribute,
  verifyIntegrity,
  xorMappedAddress,
  type AttributeCodec,
  type EncodedAttribute,
  type StunMessage,
  type TransportAddress,
} from '@callbox/stun';
import { data as dataAttribute } from '../codec/data.ts';
import { lifetime } from '../codec/lifetime.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { requestedTransport, UDP_PROTOCOL } from '../codec/requested-transport.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';
import { xorRelayedAddress } from '../codec/xor-relayed-address.ts';
import { openClientWire, type RelayTarget } from './client-wire.ts';
import { RelayProbeError, type RelayProbeStep } from './relay-probe-error.ts';

export interface RelayCredential {
  readonly username: string;
  readonly password: string;
}

/** What the server gave. */
export interface Allocation {
  /** Our own address, as the server sees it. */
  readonly mapped: TransportAddress;
  readonly relayed: TransportAddress;
}

/** A client with one allocation at most: just what it takes to see a packet through a relay. */
export interface TurnClient {
  allocate(): Promise<Allocation>;
  /** Lets packets of that address in (RFC 8656 §9). */
  permit(peer: TransportAddress): Promise<void>;
  /** A Send indication (RFC 8656 §11.1). */
  send(peer: TransportAddress, payload: Uint8Array): void;
  /** Ends the allocation, without waiting for the answer, and the connection. */
  close(): void;
}

export interface TurnClientOptions {
  readonly target: RelayTarget;
  readonly credential: RelayCredential;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
  readonly onData: (payload: Uint8Array, from: TransportAddress) => void;
}

/** RFC 8489 §6.2.1 begins with 500 ms and doubles; a probe is impatient. */
const firstPauseMs = 250;
const transactionIdBytes = 12;

type Attributes = (transactionId: Uint8Array) => readonly EncodedAttribute[];

function required<T>(message: StunMessage, codec: AttributeCodec<T>, step: RelayProbeStep): T {
  const reading = readAttribute(message, codec);
  if (reading.kind === 'present') return reading.value;
  throw new RelayProbeError(step, `the answer's ${codec.name} is ${reading.kind}`);
}

function codeOf(message: StunMessage): number {
  const reading = readAttribute(message, errorCode);
  return reading.kind === 'present' ? reading.value.code : 0;
}

/** Opens the way to a relay. Everything here rejects with a `RelayProbeError`. */
export async function openTurnClient(options: TurnClientOptions): Promise<TurnClient> {
  const { credential, signal } = options;
  const waiting = new Map<string, (message: StunMessage) => void>();
  let challenge: { readonly realm: string; readonly nonce: string } | undefined;
  let isAllocated = false;

  function receive(octets: Uint8Array): void {
    const parsed = parseMessage(octets);
    if (!parsed.ok) return;
    const { message } = parsed;
    if (message.class === 'indication' && message.method === TURN_METHOD.data) {
      const peer = readAttribute(message, xorPeerAddress);
      const payload = readAttribute(message, dataAttribute);
      if (peer.kind === 'present' && payload.kind === 'present') options.onData(payload.value, peer.value);
      return;
    }
    waiting.get(Buffer.from(message.transactionId).toString('hex'))?.(message);
  }

  // Nothing comes any more: whatever waits for an answer is told so.
  const closed = new AbortController();
  const wire = await openClientWire(options.target, signal, {
    onMessage: receive,
    onClosed: () => closed.abort(),
  });

  function encodeRequest(method: number, transactionId: Uint8Array, attributes: Attributes): Uint8Array {
    const own = attributes(transactionId);
    if (challenge === undefined) {
      return encodeMessage({ class: 'request', method, transactionId, attributes: own });
    }
    return encodeMessage({
      class: 'request',
      method,
      transactionId,
      attributes: [
        ...own,
        usernameAttribute.encode(credential.username, transactionId),
        realmAttribute.encode(challenge.realm, transactionId),
        nonceAttribute.encode(challenge.nonce, transactionId),
      ],
      integrity: { algorithm: 'sha1', key: keyFor(challenge.realm) },
    });
  }

  function keyFor(realm: string): Uint8Array {
    return longTermKey({ ...credential, realm, algorithm: 'md5' });
  }

  /** Sends a request until it is answered. */
  async function ask(step: RelayProbeStep, method: number, attributes: Attributes): Promise<StunMessage> {
    const transactionId = randomBytes(transactionIdBytes);
    const id = transactionId.toString('hex');
    const octets = encodeRequest(method, transactionId, attributes);
    const settled = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const send = (pauseMs: number): void => {
      wire.send(octets);
      if (!wire.isReliable) timer = setTimeout(() => send(pauseMs * 2), pauseMs);
    };
    try {
      return await new Promise<StunMessage>((resolve, reject) => {
        const giveUp = (): void => {
          const reason = signal.aborted ? 'no answer in time' : 'the connection was closed';
          reject(new RelayProbeError(step, reason));
        };
        if (signal.aborted || closed.signal.aborted) {
          giveUp();
          return;
        }
        const given = { signal: settled.signal, once: true };
        signal.addEventListener('abort', giveUp, given);
        closed.signal.addEventListener('abort', giveUp, given);
        waiting.set(id, resolve);
        send(firstPauseMs);
      });
    } finally {
      clearTimeout(timer);
      settled.abort();
      waiting.delete(id);
    }
  }

  /** A request that is signed, and has to succeed. */
  async function command(step: RelayProbeStep, method: number, attributes: Attributes): Promise<StunMessage> {
    let answer = await ask(step, method, attributes);
    // RFC 8489 §9.2.5: a nonce that has grown old is replaced, once.
    if (answer.class === 'error' && codeOf(answer) === 438) {
      challenge = readChallenge(answer);
      answer = await ask(step, method, attributes);
    }
    if (answer.class === 'error') {
      const reading = readAttribute(answer, errorCode);
      const said = reading.kind === 'present' ? `${reading.value.code} ${reading.value.reason}` : 'an error';
      throw new RelayProbeError(step, said.trim(), { answeredCode: codeOf(answer) });
    }
    const realm = challenge?.realm ?? '';
    if (verifyIntegrity(answer, keyFor(realm)) !== 'ok') {
      throw new RelayProbeError(step, 'the answer is not signed as it should be');
    }
    return answer;
  }

  function readChallenge(message: StunMessage): { readonly realm: string; readonly nonce: string } {
    return {
      realm: required(message, realmAttribute, 'challenge'),
      nonce: required(message, nonceAttribute, 'challenge'),
    };
  }

  const asksForUdp: Attributes = (id) => [requestedTransport.encode(UDP_PROTOCOL, id)];

  return {
    async allocate() {
      const first = await ask('challenge', TURN_METHOD.allocate, asksForUdp);
      if (first.class !== 'error' || codeOf(first) !== 401) {
        throw new RelayProbeError('challenge', 'what answers there is no TURN server');
      }
      challenge = readChallenge(first);
      const answer = await command('allocate', TURN_METHOD.allocate, asksForUdp);
      isAllocated = true;
      return {
        mapped: required(answer, xorMappedAddress, 'allocate'),
        relayed: required(answer, xorRelayedAddress, 'allocate'),
      };
    },
    async permit(peer) {
      await command('permission', TURN_METHOD.createPermission, (id) => [xorPeerAddress.encode(peer, id)]);
    },
    send(peer, payload) {
      const transactionId = randomBytes(transactionIdBytes);
      const attributes = [
        xorPeerAddress.encode(peer, transactionId),
        dataAttribute.encode(payload, transactionId),
      ];
      wire.send(encodeMessage({ class: 'indication', method: TURN_METHOD.send, transactionId, attributes }));
    },
    close() {
      if (!isAllocated) {
        wire.close();
        return;
      }
      const end = encodeRequest(TURN_METHOD.refresh, randomBytes(transactionIdBytes), (id) => [
        lifetime.encode(0, id),
      ]);
      wire.send(end);
      // What has been handed to the system is sent all the same.
      setImmediate(() => wire.close());
    },
  };
}
