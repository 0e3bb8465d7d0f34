import {
  errorCode,
  longTermKey,
  parseMessage,
  readAllAttributes,
  readAttribute,
  verifyIntegrity,
  type AttributeCodec,
  type StunMessage,
} from '@callbox/stun';

/** An answer of the server, as a client sees it. */
export class Response {
  readonly octets: Uint8Array;
  readonly message: StunMessage;

  constructor(octets: Uint8Array) {
    const parsed = parseMessage(octets);
    if (!parsed.ok) throw new Error(`the server sent what is no STUN message: ${parsed.reason}`);
    this.octets = octets;
    this.message = parsed.message;
  }

  /** 0 for a success. */
  get code(): number {
    if (this.message.class === 'success') return 0;
    const reading = readAttribute(this.message, errorCode);
    if (this.message.class !== 'error' || reading.kind !== 'present') throw new Error('not an answer');
    return reading.value.code;
  }

  /** The value of an attribute that must be there. */
  get<T>(codec: AttributeCodec<T>): T {
    const reading = readAttribute(this.message, codec);
    if (reading.kind !== 'present') throw new Error(`${codec.name} is ${reading.kind}`);
    return reading.value;
  }

  all<T>(codec: AttributeCodec<T>): readonly T[] {
    const reading = readAllAttributes(this.message, codec);
    return reading.kind === 'present' ? reading.value : [];
  }

  has(codec: AttributeCodec<unknown>): boolean {
    return this.message.attributes.some(({ type }) => type === codec.type);
  }

  /** Whether the answer is signed with the user's key: `absent`, `ok` or `wrong`. */
  integrity(user: { readonly username: string; readonly password: string; readonly realm: string }): string {
    return verifyIntegrity(this.message, longTermKey({ ...user, algorithm: 'md5' }));
  }
}
