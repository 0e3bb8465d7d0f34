import { parseMessage, realm, nonce, type StunMessage, type TransportAddress } from '@callbox/stun';
import { parseChannelData, type ChannelData } from './channel-data.ts';
import {
  composeMessage,
  signatureOf,
  type Challenge,
  type MessageDraft,
  type Signature,
} from './compose-message.ts';
import { openConnection, type ConnectionOptions, type TransportKind } from './connection.ts';
import type { Credential } from './credential.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { toReply, valueOf, type Reply } from './reply.ts';
import { attribute, data, METHOD, PROTOCOL, requestedTransport, xorPeerAddress } from './turn-wire.ts';

/** Whatever came from the server. */
export type Received =
  | { readonly kind: 'message'; readonly message: StunMessage }
  | ({ readonly kind: 'channel-data' } & ChannelData)
  | { readonly kind: 'unreadable'; readonly bytes: Uint8Array };

/**
 * A TURN client that does what a script tells it, wrong things included, and nothing by itself: no retransmission, no
 * refresh, no second try. On loopback a request that is not answered has been dropped.
 */
export interface TurnClient {
  readonly transport: TransportKind;
  readonly local: TransportAddress;
  readonly received: Inbox<Received>;
  /** Stops or resumes taking octets off the stream; does nothing over UDP. */
  readonly setReading: (isReading: boolean) => void;
  /** Settles when the server has ended the stream; never over UDP. */
  readonly ended: Promise<void>;
  readonly send: (bytes: Uint8Array) => void;
  /** Sends a request and waits for the answer with its transaction id. */
  readonly exchange: (request: Uint8Array, key?: Uint8Array) => Promise<Reply>;
  /** Waits for one more answer to a request that has been sent. */
  readonly answerTo: (request: Uint8Array, key?: Uint8Array) => Promise<Reply>;
  /** REALM and NONCE, asked for by an unsigned Allocate. */
  readonly challenge: () => Promise<Challenge>;
  /** The signature of this client's credential, with the challenge it was given; asks for one the first time. */
  readonly signature: () => Promise<Signature>;
  /** Composes, signs and exchanges; `signature` may say otherwise. */
  readonly request: (draft: MessageDraft) => Promise<Reply>;
  /** A Binding request and its answer: everything sent before has been looked at by then. */
  readonly fence: () => Promise<void>;
  readonly sendIndication: (peer: TransportAddress, payload: Uint8Array) => void;
  readonly close: () => Promise<void>;
}

export interface TurnClientOptions extends Omit<ConnectionOptions, 'onFrame'> {
  readonly credential: Credential;
}

export async function createTurnClient({ credential, ...options }: TurnClientOptions): Promise<TurnClient> {
  const received = createInbox<Received>();
  const connection = await openConnection({
    ...options,
    onFrame: (bytes) => received.push(toReceived(bytes)),
  });
  let known: Challenge | undefined;

  const answerTo: TurnClient['answerTo'] = async (request, key) => {
    const { message } = await received.take('an answer', (item) => isAnswerTo(item, request));
    return toReply(message, key);
  };
  const exchange: TurnClient['exchange'] = (request, key) => {
    connection.send(request);
    return answerTo(request, key);
  };
  const challenge = async (): Promise<Challenge> => {
    const { message } = await exchange(
      composeMessage({ method: METHOD.allocate, attributes: [requestedTransport(PROTOCOL.udp)] }),
    );
    known = { realm: valueOf(message, realm), nonce: valueOf(message, nonce) };
    return known;
  };
  const signature = async (): Promise<Signature> => signatureOf(credential, known ?? (await challenge()));

  return {
    transport: options.transport,
    local: connection.local,
    received,
    ended: connection.ended,
    setReading: connection.setReading,
    send: connection.send,
    exchange,
    answerTo,
    challenge,
    signature,
    request: async (draft) => {
      const signed = 'signature' in draft ? draft : { ...draft, signature: await signature() };
      return exchange(composeMessage(signed), signed.signature?.key);
    },
    fence: async () => {
      await exchange(composeMessage({ method: METHOD.binding }));
    },
    sendIndication: (peer, payload) => {
      const attributes = [attribute(xorPeerAddress, peer), attribute(data, payload)];
      connection.send(composeMessage({ class: 'indication', method: METHOD.send, attributes }));
    },
    close: connection.close,
  };
}

function toReceived(bytes: Uint8Array): Received {
  const parsed = parseMessage(bytes);
  if (parsed.ok) return { kind: 'message', message: parsed.message };
  const channelData = parseChannelData(bytes);
  return channelData === undefined || channelData.channel < 0x4000
    ? { kind: 'unreadable', bytes }
    : { kind: 'channel-data', ...channelData };
}

function isAnswerTo(
  item: Received,
  request: Uint8Array,
): item is Extract<Received, { readonly kind: 'message' }> {
  if (item.kind !== 'message' || item.message.class === 'indication') return false;
  return Buffer.compare(item.message.transactionId, request.subarray(8, 20)) === 0;
}
