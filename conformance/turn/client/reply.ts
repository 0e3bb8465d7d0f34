import {
  errorCode,
  readAttribute,
  verifyIntegrity,
  type AttributeCodec,
  type IntegrityVerdict,
  type StunMessage,
} from '@callbox/stun';

/** A server's answer to a request. */
export interface Reply {
  readonly message: StunMessage;
  /** `success`, or `error` and the code: `error 437`. */
  readonly outcome: string;
  /** Whether the answer is signed with the key of the request; `absent` where the request was not signed. */
  readonly integrity: IntegrityVerdict;
}

export function toReply(message: StunMessage, key: Uint8Array | undefined): Reply {
  return {
    message,
    outcome: outcomeOf(message),
    integrity: key === undefined ? 'absent' : verifyIntegrity(message, key),
  };
}

function outcomeOf(message: StunMessage): string {
  if (message.class !== 'error') return message.class;
  const reading = readAttribute(message, errorCode);
  return reading.kind === 'present' ? `error ${reading.value.code}` : `error with ERROR-CODE ${reading.kind}`;
}

/** The value of an attribute that has to be there. */
export function valueOf<T>(message: StunMessage, codec: AttributeCodec<T>): T {
  const reading = readAttribute(message, codec);
  if (reading.kind !== 'present') throw new Error(`expected ${codec.name}, it is ${reading.kind}`);
  return reading.value;
}

export function has(message: StunMessage, codec: AttributeCodec<unknown>): boolean {
  return message.attributes.some(({ type }) => type === codec.type);
}

/** All octets between one attribute's value and the next attribute. */
export function paddingOf({ attributes, bytes }: StunMessage): readonly number[] {
  return attributes.flatMap(({ offset, value }) => {
    const end = offset + 4 + value.length;
    return [...bytes.subarray(end, (end + 3) & ~3)];
  });
}
