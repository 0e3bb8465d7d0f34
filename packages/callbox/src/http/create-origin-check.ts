/**
 * Makes the rule of which pages may use the signaling: our own, by comparing the page's origin with the Host by which it
 * reaches us, and those the operator names. What is no browser sends no origin and may.
 */
export function createOriginCheck(
  allowedOrigins: readonly string[],
): (origin: string | undefined, host: string) => boolean {
  const allowed = new Set(allowedOrigins);
  return (origin, host) => {
    if (origin === undefined || allowed.has('*') || allowed.has(origin)) return true;
    if (!URL.canParse(origin)) return false;
    // A browser leaves the scheme's own port out of both.
    return new URL(origin).host === host.toLowerCase();
  };
}
