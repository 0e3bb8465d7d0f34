/** Where the script with this class came from; a module does not learn it. Read while the script runs. */
const script: object | null = typeof document === 'undefined' ? null : document.currentScript;
const source = script !== null && 'src' in script && typeof script.src === 'string' ? script.src : '';

/** The server that a page means that names none: the one that gave it this script, or else the page's own. */
export function defaultServerUrl(): string {
  return source === '' ? globalThis.location.origin : new URL(source).origin;
}
