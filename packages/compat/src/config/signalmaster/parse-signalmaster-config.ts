import { LineCounter, parseDocument } from 'yaml';
import { TranslationError } from '../translation.ts';

/** A JSON object, whatever is in it. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads the file's JSON. JavaScript's own parser tells of a fault without saying where, or with a piece of the text that may be
 * a secret; so YAML's is asked for the place, and for what it takes that JSON does not, such as a comma too many.
 */
export function parseSignalmasterConfig(text: string): JsonObject {
  const value = parseLeniently(text.replace(/^\uFEFF/u, ''));
  if (!isJsonObject(value)) throw new TranslationError('a JSON object is wanted: { "server": … }');
  return value;
}

function parseLeniently(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const lineCounter = new LineCounter();
    const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false });
    const [fault] = document.errors;
    if (fault === undefined) return document.toJS();
    const { line, col } = lineCounter.linePos(fault.pos[0]);
    throw new TranslationError(`line ${line}, column ${col}: this is not JSON`);
  }
}
