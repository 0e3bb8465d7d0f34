import type { HostWords } from './host-words.ts';

interface Entry<T> {
  readonly words: HostWords;
  value: T;
  next: Entry<T> | undefined;
}

/**
 * A map with IP addresses as keys that makes nothing to look one up. An IPv4 address is its own hash; IPv6 addresses are
 * mixed with a seed, so that nobody can choose many that collide.
 */
export class HostTable<T> {
  readonly #seed: number;
  readonly #chains = new Map<number, Entry<T>>();

  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  find(words: HostWords): T | undefined {
    return this.#findEntry(words)?.value;
  }

  /** The words are kept: do not change them. */
  set(words: HostWords, value: T): void {
    const entry = this.#findEntry(words);
    if (entry !== undefined) {
      entry.value = value;
      return;
    }
    const hash = hashOf(words, this.#seed);
    this.#chains.set(hash, { words, value, next: this.#chains.get(hash) });
  }

  *values(): Iterable<T> {
    for (const head of this.#chains.values()) {
      for (let entry: Entry<T> | undefined = head; entry !== undefined; entry = entry.next) yield entry.value;
    }
  }

  delete(words: HostWords): void {
    const hash = hashOf(words, this.#seed);
    const head = this.#chains.get(hash);
    if (head === undefined) return;
    const rest = without(head, words);
    if (rest === undefined) this.#chains.delete(hash);
    else this.#chains.set(hash, rest);
  }

  #findEntry(words: HostWords): Entry<T> | undefined {
    let entry = this.#chains.get(hashOf(words, this.#seed));
    while (entry !== undefined && !isSameHost(entry.words, words)) entry = entry.next;
    return entry;
  }
}

/** True when both stand for one address. */
export function isSameHost(a: HostWords, b: HostWords): boolean {
  return a[3] === b[3] && a[2] === b[2] && a[1] === b[1] && a[0] === b[0];
}

function without<T>(entry: Entry<T>, words: HostWords): Entry<T> | undefined {
  if (isSameHost(entry.words, words)) return entry.next;
  return { ...entry, next: entry.next === undefined ? undefined : without(entry.next, words) };
}

function hashOf(words: HostWords, seed: number): number {
  const last = words[3] ?? 0;
  if (words[2] === 0xffff && words[1] === 0 && words[0] === 0) return last;
  let state = seed;
  for (let word = 0; word < 4; word += 1) {
    state = Math.imul(state ^ (words[word] ?? 0), 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 15), 0xc2b2ae35);
    state ^= state >>> 13;
  }
  return state;
}
