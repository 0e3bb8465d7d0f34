import { randomBytes } from 'node:crypto';
import {
  encodeMessage,
  longTermKey,
  nonce as nonceCodec,
  realm as realmCodec,
  username as usernameCodec,
  type EncodedAttribute,
  type MessageClass,
} from '@callbox/stun';
import type { Credential } from './credential.ts';
import type { AttributeToSend } from './turn-wire.ts';

/** What a server's challenge adds to a credential. */
export interface Challenge {
  readonly realm: string;
  readonly nonce: string;
}

/** Everything that signs a request; a part that is `undefined` is left out of it. */
export interface Signature {
  readonly username?: string | undefined;
  readonly realm?: string | undefined;
  readonly nonce?: string | undefined;
  readonly key: Uint8Array;
}

export interface MessageDraft {
  readonly class?: MessageClass;
  readonly method: number;
  readonly attributes?: readonly AttributeToSend[];
  readonly transactionId?: Uint8Array | undefined;
  readonly signature?: Signature | undefined;
  readonly fingerprint?: boolean | undefined;
}

export function newTransactionId(): Uint8Array {
  return randomBytes(12);
}

export function signatureOf({ username, password }: Credential, { realm, nonce }: Challenge): Signature {
  return { username, realm, nonce, key: longTermKey({ username, realm, password, algorithm: 'md5' }) };
}

export function composeMessage(draft: MessageDraft): Uint8Array {
  const { method, attributes = [], transactionId = newTransactionId(), signature } = draft;
  const encoded = attributes.map((make) => make(transactionId));
  if (signature?.username !== undefined)
    encoded.push(usernameCodec.encode(signature.username, transactionId));
  if (signature?.realm !== undefined) encoded.push(realmCodec.encode(signature.realm, transactionId));
  if (signature?.nonce !== undefined) encoded.push(nonceCodec.encode(signature.nonce, transactionId));
  return encodeMessage({
    class: draft.class ?? 'request',
    method,
    transactionId,
    attributes: encoded,
    integrity: signature === undefined ? undefined : { algorithm: 'sha1', key: signature.key },
    fingerprint: draft.fingerprint,
  });
}

/** The message with one more attribute at its end, behind whatever signed it. */
export function appendAttribute(message: Uint8Array, { type, value }: EncodedAttribute): Uint8Array {
  const bytes = new Uint8Array(message.length + 4 + ((value.length + 3) & ~3));
  bytes.set(message);
  const view = new DataView(bytes.buffer);
  view.setUint16(2, bytes.length - 20);
  view.setUint16(message.length, type);
  view.setUint16(message.length + 2, value.length);
  bytes.set(value, message.length + 4);
  return bytes;
}
