import { HmacSha1 } from './hmac-sha1.ts';

/** A key that signs and checks many messages: what depends on it alone is computed once, when it is first needed. */
export class IntegrityKey {
  readonly octets: Uint8Array;
  #hmacSha1: HmacSha1 | undefined;

  constructor(octets: Uint8Array) {
    this.octets = octets;
  }

  get hmacSha1(): HmacSha1 {
    this.#hmacSha1 ??= new HmacSha1(this.octets);
    return this.#hmacSha1;
  }
}

/** What stands for a key: prepared for many messages, or its octets for a single one. */
export type KeyLike = IntegrityKey | Uint8Array;
