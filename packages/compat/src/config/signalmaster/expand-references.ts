import { TranslationError } from '../translation.ts';
import { isJsonObject } from './parse-signalmaster-config.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Puts in what the file refers to, as getconfig 4 does, which reads it for signalmaster. As a whole value: `$NAME`, `$$NAME` for
 * one that may be missing, either with `::` and a type behind it. Anywhere in a value: `${NAME}`, and `${self.KEY}` for another
 * value of the file.
 *
 * @throws TranslationError for a name that the environment does not know, or knows as empty, and for a key that there is not
 */
export function expandReferences(value: unknown, environment: Environment): unknown {
  const expanded = expand(value, '', (text, place) => fromEnvironment(text, place, environment));
  return expand(expanded, '', (text, place) => fromFile(text, place, expanded));
}

/** Replaces every text; what becomes undefined is left out. */
function expand(value: unknown, place: string, replace: (text: string, place: string) => unknown): unknown {
  if (typeof value === 'string') return replace(value, place);
  if (Array.isArray(value)) {
    return value
      .map((part, index) => expand(part, `${place}[${index}]`, replace))
      .filter((part) => part !== undefined);
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, part]) => {
    return [key, expand(part, place === '' ? key : `${place}.${key}`, replace)] as const;
  });
  return Object.fromEntries(entries.filter(([, part]) => part !== undefined));
}

const wholePattern = /^\$(?<optional>\$?)(?<name>[A-Z0-9_]+)(?:::(?<type>[^\s:]+)(?::(?<of>\S+))?)?$/u;
const insidePattern = /\$\{(?<name>[A-Z0-9_]+)\}/gu;

function fromEnvironment(text: string, place: string, environment: Environment): unknown {
  const find = (name: string): string => {
    const found = environment[name];
    if (found === undefined || found === '')
      throw new TranslationError(`${place}: $${name} is not in the environment`);
    return found;
  };
  const { optional, name, type, of } = wholePattern.exec(text)?.groups ?? {};
  if (name === undefined) return text.replace(insidePattern, (_match, inside: string) => find(inside));
  if (optional === '$' && (environment[name] ?? '') === '') return undefined;
  const found = find(name);
  if (type === undefined) return found;
  try {
    return convert(found, type, of);
  } catch {
    throw new TranslationError(
      `${place}: $${name} cannot be read as ${type}${of === undefined ? '' : ` of ${of}`}`,
    );
  }
}

const booleans: Readonly<Record<string, boolean>> = Object.fromEntries([
  ...['y', 'yes', 'true', 't', 'on', '1'].map((word) => [word, true] as const),
  ...['n', 'no', 'false', 'f', 'off', '0'].map((word) => [word, false] as const),
]);

/** The types that a configuration of signalmaster has a use for. Throws for what is none of that type. */
function convert(text: string, type: string, of?: string): unknown {
  switch (type) {
    case 'array': {
      const parts = text.split(',');
      return of === undefined ? parts : parts.map((part) => convert(part, of));
    }
    case 'boolean': {
      const word = text.toLowerCase();
      if (Object.hasOwn(booleans, word)) return booleans[word];
      break;
    }
    case 'number':
      if (Number.isFinite(Number(text))) return Number(text);
      break;
    case 'object':
      return JSON.parse(text) as unknown;
    default:
  }
  throw new Error(type);
}

const selfPattern = /\$\{self\.(?<path>[^}]+)\}/gu;

function fromFile(text: string, place: string, root: unknown): unknown {
  const find = (path: string): unknown => {
    let found = root;
    for (const key of path.split('.')) {
      if (!isJsonObject(found) || !Object.hasOwn(found, key))
        throw new TranslationError(`${place}: the file has no ${path}`);
      found = found[key];
    }
    return found;
  };
  const path = /^\$\{self\.([^}]+)\}$/u.exec(text)?.[1];
  // As a whole value it is that value, a list or an object too.
  if (path !== undefined) return find(path);
  return text.replace(selfPattern, (_match, inside: string) => String(find(inside)));
}
