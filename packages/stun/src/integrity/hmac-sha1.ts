/** Octets of a block of SHA-1, and of its result (FIPS 180-4). */
const BLOCK_BYTES = 64;
const HASH_BYTES = 20;

/** What HMAC mixes into the key (RFC 2104 §2). */
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/** Where SHA-1 begins (FIPS 180-4 §5.3.1). */
const INITIAL = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0] as const;

const EMPTY = new Uint8Array(0);

/** Room to compute in. Every call fills it anew; nothing is remembered in it. */
const state = new Int32Array(5);
const schedule = new Int32Array(80);
const block = new Uint8Array(BLOCK_BYTES);

/**
 * HMAC-SHA1 (RFC 2104) with one key for many messages: what depends on the key alone is done once. 20 octets.
 *
 * A STUN message is so short that node:crypto spends its time on making objects: 2.4 us for each, and a request takes two. The
 * steps are the same whatever the octets are: no branch and no index depends on one.
 */
export class HmacSha1 {
  /** Behind the blocks that are made of the key, the inner one and the outer one. */
  readonly #inner: Int32Array;
  readonly #outer: Int32Array;

  constructor(key: Uint8Array) {
    const shortKey = key.length > BLOCK_BYTES ? sha1(key) : key;
    this.#inner = stateBehind(shortKey, INNER_PAD);
    this.#outer = stateBehind(shortKey, OUTER_PAD);
  }

  /** Of two pieces, one behind the other. */
  compute(first: Uint8Array, second: Uint8Array = EMPTY): Uint8Array {
    state.set(this.#inner);
    const used = absorb(second, 0, second.length, absorb(first, 0, first.length, 0));
    finish(used, BLOCK_BYTES + first.length + second.length);
    this.#finishOuter();
    return writeState(new Uint8Array(HASH_BYTES), 0);
  }

  /** Of the octets before `end`, the third and the fourth of which count as if they said `claimed`; written behind `at`. */
  writeMessageHmac(bytes: Uint8Array, end: number, claimed: number, into: Uint8Array, at: number): void {
    this.#hashMessage(bytes, end, claimed);
    writeState(into, at);
  }

  /** True when the same stands behind `at`. Takes as long whether it does or not. */
  isMessageHmac(bytes: Uint8Array, end: number, claimed: number, at: number): boolean {
    this.#hashMessage(bytes, end, claimed);
    let difference = 0;
    for (let word = 0; word < 5; word += 1) difference |= (state[word] ?? 0) ^ readWord(bytes, at + word * 4);
    return difference === 0;
  }

  #hashMessage(bytes: Uint8Array, end: number, claimed: number): void {
    state.set(this.#inner);
    block[0] = bytes[0] ?? 0;
    block[1] = bytes[1] ?? 0;
    block[2] = claimed >>> 8;
    block[3] = claimed;
    finish(absorb(bytes, 4, end, 4), BLOCK_BYTES + end);
    this.#finishOuter();
  }

  #finishOuter(): void {
    writeState(block, 0);
    state.set(this.#outer);
    finish(HASH_BYTES, BLOCK_BYTES + HASH_BYTES);
  }
}

/**
 * HMAC-SHA1 (RFC 2104) over two pieces, one behind the other. 20 octets.
 *
 * @example
 * const mac = hmacSha1(key, header, body);
 */
export function hmacSha1(key: Uint8Array, first: Uint8Array, second: Uint8Array = EMPTY): Uint8Array {
  return new HmacSha1(key).compute(first, second);
}

function sha1(octets: Uint8Array): Uint8Array {
  state.set(INITIAL);
  finish(absorb(octets, 0, octets.length, 0), octets.length);
  return writeState(new Uint8Array(HASH_BYTES), 0);
}

/** The state behind the block that is made of the key. */
function stateBehind(key: Uint8Array, pad: number): Int32Array {
  for (let index = 0; index < BLOCK_BYTES; index += 1) block[index] = (key[index] ?? 0) ^ pad;
  state.set(INITIAL);
  compress();
  return new Int32Array(state);
}

/**
 * Ends a hash of so many octets, of which the open block has `used`, with the padding and the length in bits (FIPS 180-4 §5.1.1).
 * Messages are far shorter than 2^29 octets: the upper half of the length is zero.
 */
function finish(used: number, hashedBytes: number): void {
  block[used] = 0x80;
  block.fill(0, used + 1);
  if (used >= BLOCK_BYTES - 8) {
    compress();
    block.fill(0);
  }
  writeWord(block, BLOCK_BYTES - 4, hashedBytes * 8);
  compress();
}

/** Fills blocks, of which the open one has `used` octets; gives how many the one has that is left open. */
function absorb(octets: Uint8Array, start: number, end: number, used: number): number {
  let at = used;
  for (let index = start; index < end; index += 1) {
    block[at] = octets[index] ?? 0;
    at += 1;
    if (at === BLOCK_BYTES) {
      compress();
      at = 0;
    }
  }
  return at;
}

function writeState(into: Uint8Array, at: number): Uint8Array {
  for (let word = 0; word < 5; word += 1) writeWord(into, at + word * 4, state[word] ?? 0);
  return into;
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  const into = bytes;
  into[at] = word >>> 24;
  into[at + 1] = word >>> 16;
  into[at + 2] = word >>> 8;
  into[at + 3] = word;
}

function readWord(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  );
}

/** Takes `block` into `state` (FIPS 180-4 §6.1.2): twenty rounds with each of four functions and constants. */
function compress(): void {
  expand();
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let next: number;
  for (let t = 0; t < 20; t += 1) {
    next = (((a << 5) | (a >>> 27)) + (d ^ (b & (c ^ d))) + e + (schedule[t] ?? 0) + 0x5a827999) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 20; t < 40; t += 1) {
    next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + (schedule[t] ?? 0) + 0x6ed9eba1) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 40; t < 60; t += 1) {
    next = (((a << 5) | (a >>> 27)) + ((b & c) | (d & (b | c))) + e + (schedule[t] ?? 0) + 0x8f1bbcdc) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 60; t < 80; t += 1) {
    next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + (schedule[t] ?? 0) + 0xca62c1d6) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
}

/** A word for each round: the block's sixteen, and what they are mixed to. */
function expand(): void {
  for (let t = 0; t < 16; t += 1) schedule[t] = readWord(block, t * 4);
  for (let t = 16; t < 80; t += 1) {
    const mixed =
      (schedule[t - 3] ?? 0) ^ (schedule[t - 8] ?? 0) ^ (schedule[t - 14] ?? 0) ^ (schedule[t - 16] ?? 0);
    schedule[t] = (mixed << 1) | (mixed >>> 31);
  }
}
