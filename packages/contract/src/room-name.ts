import * as v from 'valibot';
import { limits } from './limits.ts';
import type { Parsed } from './parse.ts';

declare const roomNameBrand: unique symbol;
/** A room's name in its one canonical spelling: NFKC, lower case, letters, digits, `-`, `_` and `.`, at most 64 long. */
export type RoomName = string & { readonly [roomNameBrand]: true };

const canonical = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u;

// Marks of direction, joiners, fillers and other characters that are not seen: two names must not look like one.
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/** Folds as Unicode's identifiers are folded (UAX #31 §5.1.2), so that full-width and other variants meet in one room. */
function normalizeRoomName(input: string): string {
  const folded = input.replace(invisible, '').normalize('NFKC').toLowerCase().normalize('NFKC');
  return folded.trim().replace(/\s+/gu, '-');
}

/**
 * Turns what a person typed, or a link carried, into a room name. White space becomes `-`, letters become lower case,
 * what cannot be seen is dropped; letters and digits of every script are welcome.
 *
 * @returns the canonical name, or why the text cannot be one.
 */
export function parseRoomName(input: unknown): Parsed<RoomName> {
  if (typeof input !== 'string') return { ok: false, reason: 'a room name is text' };
  if (input.length > limits.roomNameLength * 4) return { ok: false, reason: 'the room name is too long' };
  const name = normalizeRoomName(input);
  if (name === '') return { ok: false, reason: 'the room name is empty' };
  if (name.length > limits.roomNameLength) {
    return { ok: false, reason: `a room name has at most ${limits.roomNameLength} characters` };
  }
  if (!canonical.test(name)) {
    return {
      ok: false,
      reason: 'a room name is made of letters, digits, "-", "_" and ".", and starts with a letter or digit',
    };
  }
  return { ok: true, value: name as RoomName };
}

/** The schema of a room name that is canonical already, as the server sends it. */
export const roomNameSchema = v.custom<RoomName>((input) => {
  const parsed = parseRoomName(input);
  return parsed.ok && parsed.value === input;
}, 'not a canonical room name');

// Without 0, 1, i, l, o and u: a name is read aloud and copied by hand.
const alphabet = '23456789abcdefghjkmnpqrstvwxyz';

/**
 * Makes a room name that nobody can guess: sixteen symbols out of thirty in groups of four, 78 bits.
 *
 * @param fillRandom fills an array with cryptographically random octets, such as `crypto.getRandomValues`.
 */
export function createRoomName(fillRandom: (octets: Uint8Array<ArrayBuffer>) => void): RoomName {
  const symbols: string[] = [];
  const octets = new Uint8Array(32);
  while (symbols.length < 16) {
    fillRandom(octets);
    for (const octet of octets) {
      // 240 is the largest multiple of 30 in an octet: rejecting the rest keeps every symbol equally likely.
      if (octet < 240 && symbols.length < 16) symbols.push(alphabet.charAt(octet % alphabet.length));
    }
  }
  const text = symbols.join('');
  const parsed = parseRoomName(text.replace(/(.{4})(?=.)/g, '$1-'));
  if (!parsed.ok) throw new Error(`a generated room name is not valid: ${parsed.reason}`);
  return parsed.value;
}
