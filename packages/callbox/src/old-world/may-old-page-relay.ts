/** Whether an old page is told of relays: all are where no origins are named; else those, and pages of our own host. */
export function mayOldPageRelay(
  turnOrigins: readonly string[],
  origin: string | undefined,
  host: string,
): boolean {
  if (turnOrigins.length === 0 || (origin !== undefined && turnOrigins.includes(origin))) return true;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
