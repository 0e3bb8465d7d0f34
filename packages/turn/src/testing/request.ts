import {
  encodeMessage,
  longTermKey,
  nonce as nonceAttribute,
  realm as realmAttribute,
  username as usernameAttribute,
  type AttributeCodec,
  type EncodedAttribute,
} from '@callbox/stun';

/** An attribute that waits for the transaction id it may be XORed with. */
export type PendingAttribute = (transactionId: Uint8Array) => EncodedAttribute;

/** `attribute(lifetime, 600)`. */
export function attribute<T>(codec: AttributeCodec<T>, value: T): PendingAttribute {
  return (transactionId) => codec.encode(value, transactionId);
}

/** An attribute with any octets in it. */
export function rawAttribute(type: number, value: Uint8Array): PendingAttribute {
  return () => ({ type, value });
}

/** What a client signs with. */
export interface Signing {
  readonly username: string;
  readonly password: string;
  readonly realm: string;
  readonly nonce: string;
}

/** Writes a request of a client; unsigned without `signing`. */
export function writeRequest(request: {
  readonly method: number;
  readonly transactionId: Uint8Array;
  readonly attributes?: readonly PendingAttribute[];
  readonly signing?: Signing | undefined;
  readonly fingerprint?: boolean;
}): Uint8Array {
  const { method, transactionId, attributes = [], signing, fingerprint } = request;
  const key = signing === undefined ? undefined : longTermKey({ ...signing, algorithm: 'md5' });
  const identity =
    signing === undefined
      ? []
      : [
          usernameAttribute.encode(signing.username, transactionId),
          realmAttribute.encode(signing.realm, transactionId),
          nonceAttribute.encode(signing.nonce, transactionId),
        ];
  return encodeMessage({
    class: 'request',
    method,
    transactionId,
    attributes: [...attributes.map((pending) => pending(transactionId)), ...identity],
    integrity: key === undefined ? undefined : { algorithm: 'sha1', key },
    fingerprint,
  });
}
