/** Where the script with this class came from; a module does not learn it. Read while the script runs. */
const script = typeof document === 'undefined' ? null : document.currentScript;
const scriptUrl =
  script instanceof HTMLScriptElement && script.src !== '' ? new URL(script.src).origin : null;

/** The server that a page means that names none: the one that gave it this script, or else the page. */
export function defaultServerUrl(): string {
  return scriptUrl ?? globalThis.location.origin;
}
