import { isOwnMachine, parseHost } from '../network/host.ts';

/**
 * Makes the rule of which pages may use the signaling: those of the host by which they reach us, whatever the port, for
 * pages may be served beside us; those of the person's own machine, where a developer's are; and those the operator names.
 * What is no browser sends no origin and may.
 */
export function createOriginCheck(
  allowedOrigins: readonly string[],
): (origin: string | undefined, host: string) => boolean {
  const allowed = new Set(allowedOrigins);
  return (origin, host) => {
    if (origin === undefined || allowed.has('*') || allowed.has(origin)) return true;
    if (!URL.canParse(origin)) return false;
    const page = parseHost(new URL(origin).host);
    if (page === undefined) return false;
    return isOwnMachine(page) || page.name === parseHost(host)?.name;
  };
}
