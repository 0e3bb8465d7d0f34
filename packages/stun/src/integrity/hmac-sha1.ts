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
const blockView = new DataView(block.buffer);

/**
 * HMAC-SHA1 (RFC 2104) over two pieces, one behind the other. 20 octets.
 *
 * A STUN message is so short that node:crypto spends its time on making objects: 2.4 us for each, and a request takes two. The
 * steps are the same whatever the octets are: no branch and no index depends on one.
 *
 * @example
 * const mac = hmacSha1(key, header, body);
 */
export function hmacSha1(key: Uint8Array, first: Uint8Array, second: Uint8Array = EMPTY): Uint8Array {
  return createHmacSha1(key)(first, second);
}

/** The same with one key for many messages: what depends on the key alone is done once. */
export function createHmacSha1(key: Uint8Array): (first: Uint8Array, second?: Uint8Array) => Uint8Array {
  const shortKey = key.length > BLOCK_BYTES ? sha1(key) : key;
  const inner = stateBehind(shortKey, INNER_PAD);
  const outer = stateBehind(shortKey, OUTER_PAD);
  return (first, second = EMPTY) => {
    state.set(inner);
    const hash = finish(BLOCK_BYTES, first, second);
    state.set(outer);
    return finish(BLOCK_BYTES, hash, EMPTY);
  };
}

function sha1(octets: Uint8Array): Uint8Array {
  state.set(INITIAL);
  return finish(0, octets, EMPTY);
}

/** The state behind the block that is made of the key. */
function stateBehind(key: Uint8Array, pad: number): Int32Array {
  for (let index = 0; index < BLOCK_BYTES; index += 1) block[index] = (key[index] ?? 0) ^ pad;
  state.set(INITIAL);
  compress();
  return new Int32Array(state);
}

/** Hashes what is left, `hashedBytes` behind the beginning, and the padding with the length in bits (FIPS 180-4 §5.1.1). */
function finish(hashedBytes: number, first: Uint8Array, second: Uint8Array): Uint8Array {
  let used = absorb(first, 0);
  used = absorb(second, used);
  block[used] = 0x80;
  block.fill(0, used + 1);
  if (used >= BLOCK_BYTES - 8) {
    compress();
    block.fill(0);
  }
  // Messages are far shorter than 2^29 octets: the upper half of the length is zero.
  writeWord(block, BLOCK_BYTES - 4, (hashedBytes + first.length + second.length) * 8);
  compress();
  const hash = new Uint8Array(HASH_BYTES);
  for (let word = 0; word < 5; word += 1) writeWord(hash, word * 4, state[word] ?? 0);
  return hash;
}

/** Fills blocks, of which the current one has `used` octets; gives how many the one has that is left open. */
function absorb(octets: Uint8Array, used: number): number {
  let at = used;
  for (let index = 0; index < octets.length; index += 1) {
    block[at] = octets[index] ?? 0;
    at += 1;
    if (at === BLOCK_BYTES) {
      compress();
      at = 0;
    }
  }
  return at;
}

function writeWord(into: Uint8Array, at: number, word: number): void {
  into[at] = word >>> 24;
  into[at + 1] = word >>> 16;
  into[at + 2] = word >>> 8;
  into[at + 3] = word;
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
  for (let t = 0; t < 16; t += 1) schedule[t] = blockView.getInt32(t * 4);
  for (let t = 16; t < 80; t += 1) {
    const mixed =
      (schedule[t - 3] ?? 0) ^ (schedule[t - 8] ?? 0) ^ (schedule[t - 14] ?? 0) ^ (schedule[t - 16] ?? 0);
    schedule[t] = (mixed << 1) | (mixed >>> 31);
  }
}
