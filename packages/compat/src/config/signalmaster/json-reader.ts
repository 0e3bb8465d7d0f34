import { TranslationError, type TranslationNote } from '../translation.ts';
import { isJsonObject, type JsonObject } from './parse-signalmaster-config.ts';

/** JSON has no comments, so people write keys that nobody asks for. */
function isComment(key: string): boolean {
  return /^(?:\/\*|\/\/|#|_|\$schema$|comment$)/iu.test(key);
}

/** Reads the values of one object by their keys, and knows which keys nobody has asked for. */
export class JsonReader {
  readonly #object: JsonObject;
  readonly #place: string;
  readonly #asked = new Set<string>();

  constructor(object: JsonObject, place = '') {
    this.#object = object;
    this.#place = place;
  }

  placeOf(key: string): string {
    return this.#place === '' ? key : `${this.#place}.${key}`;
  }

  /** Undefined for what is missing or null. */
  #value(key: string): unknown {
    this.#asked.add(key);
    return this.#object[key] ?? undefined;
  }

  #refuse(key: string, wanted: string): never {
    throw new TranslationError(`${this.placeOf(key)}: ${wanted} is wanted`);
  }

  /** Whether it says anything, whatever that is. */
  has(key: string): boolean {
    return this.#value(key) !== undefined;
  }

  text(key: string): string | undefined {
    const value = this.#value(key);
    if (value === undefined || typeof value === 'string') return value;
    return this.#refuse(key, 'a text');
  }

  /** A number may come from the environment, and then is a text. */
  number(key: string): number | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && /^\d{1,9}$/u.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0
      ? number
      : this.#refuse(key, 'a whole number');
  }

  flag(key: string): boolean | undefined {
    const value = this.#value(key);
    if (value === undefined || typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    return this.#refuse(key, 'true or false');
  }

  /** A text or a list of texts. */
  texts(key: string): readonly string[] | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    if (typeof value === 'string') return [value];
    if (Array.isArray(value) && value.every((part) => typeof part === 'string')) return value;
    return this.#refuse(key, 'a text or a list of texts');
  }

  object(key: string): JsonReader | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    return isJsonObject(value) ? new JsonReader(value, this.placeOf(key)) : this.#refuse(key, 'an object');
  }

  objects(key: string): readonly JsonReader[] {
    const value = this.#value(key);
    if (value === undefined) return [];
    if (!Array.isArray(value) || !value.every(isJsonObject)) return this.#refuse(key, 'a list of objects');
    return value.map((part, index) => new JsonReader(part, `${this.placeOf(key)}[${index}]`));
  }

  /** What nobody has asked for and is no comment. */
  unknownKeys(): readonly TranslationNote[] {
    return Object.keys(this.#object)
      .filter((key) => !this.#asked.has(key) && !isComment(key))
      .map((key) => ({
        place: this.placeOf(key),
        kind: 'unknown',
        text: 'no key that Callbox or signalmaster knows',
      }));
  }
}
