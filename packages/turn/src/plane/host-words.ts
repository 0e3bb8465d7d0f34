import type { IpAddress } from '@callbox/stun';
import { readInt32 } from '../codec/octets.ts';

/**
 * An IP address as four 32-bit words, so that a packet's address can be looked up without making a string. An IPv4
 * address is in the last word, behind the prefix of IPv4-mapped addresses.
 */
export type HostWords = Int32Array;

const COLON = 0x3a;
const DOT = 0x2e;
const PERCENT = 0x25;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_A = 0x61;
const LOWER_F = 0x66;

/** The words of an address. */
export function hostWordsOf(address: IpAddress): HostWords {
  const words = new Int32Array(4);
  writeHostWords(address, words);
  return words;
}

/** The same into words that are there. */
export function writeHostWords({ family, address }: IpAddress, into: HostWords): void {
  const words = into;
  if (family === 4) {
    words[0] = 0;
    words[1] = 0;
    words[2] = 0xffff;
    words[3] = readInt32(address, 0);
  } else {
    for (let word = 0; word < 4; word += 1) words[word] = readInt32(address, word * 4);
  }
}

/** The address of the words, as octets. */
export function addressOfHostWords(words: HostWords, family: IpAddress['family']): IpAddress {
  // Not by `Uint8Array.of`, which takes longer than all the rest of it.
  const address = new Uint8Array(family === 4 ? 4 : 16);
  const first = family === 4 ? 3 : 0;
  for (let index = 0; index < address.length; index += 1) {
    address[index] = (words[first + (index >> 2)] ?? 0) >>> (24 - 8 * (index & 3));
  }
  return { family, address };
}

/**
 * Reads the text of an address as the operating system writes it, in place. The text is trusted: it comes from the
 * kernel with each packet, and making anything of it but numbers would be the cost of the packet.
 */
export function readHostText(text: string, family: IpAddress['family'], into: HostWords): void {
  const words = into;
  if (family === 4) {
    words[0] = 0;
    words[1] = 0;
    words[2] = 0xffff;
    words[3] = readIpv4(text, 0);
  } else {
    words.fill(0);
    readIpv6(text, words);
  }
}

function readIpv4(text: string, start: number): number {
  let word = 0;
  let octet = 0;
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === DOT) {
      word = (word << 8) | octet;
      octet = 0;
    } else if (code >= ZERO && code <= NINE) {
      octet = octet * 10 + (code - ZERO);
    } else {
      break;
    }
  }
  return (word << 8) | octet;
}

/** Groups before `::` fill from the left, groups behind it move to the right when the end is known. */
function readIpv6(text: string, words: HostWords): void {
  let group = 0;
  let value = 0;
  let gapAt = -1;
  let groupStart = 0;
  let index = 0;
  for (; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === COLON) {
      if (index > groupStart) {
        setGroup(words, group, value);
        group += 1;
      }
      if (text.charCodeAt(index + 1) === COLON) {
        gapAt = group;
        index += 1;
      }
      value = 0;
      groupStart = index + 1;
    } else if (code === DOT) {
      const ipv4 = readIpv4(text, groupStart);
      setGroup(words, group, ipv4 >>> 16);
      group += 1;
      value = ipv4 & 0xffff;
      break;
    } else if (code === PERCENT) {
      break;
    } else {
      value = value * 16 + hexValue(code);
    }
  }
  if (index > groupStart) {
    setGroup(words, group, value);
    group += 1;
  }
  if (gapAt >= 0) moveRight(words, gapAt, group);
}

function hexValue(code: number): number {
  if (code <= NINE) return code - ZERO;
  return (code >= LOWER_A && code <= LOWER_F ? code : code + LOWER_A - 0x41) - LOWER_A + 10;
}

function getGroup(words: HostWords, group: number): number {
  const word = words[group >> 1] ?? 0;
  return group % 2 === 0 ? word >>> 16 : word & 0xffff;
}

function setGroup(words: HostWords, group: number, value: number): void {
  const target = words;
  const word = words[group >> 1] ?? 0;
  target[group >> 1] = group % 2 === 0 ? (value << 16) | (word & 0xffff) : (word & 0xffff0000) | value;
}

function moveRight(words: HostWords, from: number, end: number): void {
  const distance = 8 - end;
  for (let group = end - 1; group >= from; group -= 1) {
    const value = getGroup(words, group);
    setGroup(words, group, 0);
    setGroup(words, group + distance, value);
  }
}
