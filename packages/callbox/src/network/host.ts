import { isIP, isIPv6 } from 'node:net';

/** A Host header taken apart (RFC 9110 §7.2). */
export interface Host {
  /** Name or address, an IPv6 address without brackets, in lower case. */
  readonly name: string;
  readonly port: number | undefined;
  readonly isAddress: boolean;
}

const hostPattern = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i;

/** Takes a Host header apart; undefined for what is none. */
export function parseHost(header: string | undefined): Host | undefined {
  const match = hostPattern.exec(header ?? '');
  if (match === null) return undefined;
  const [, literal, plain, digits] = match;
  if (literal !== undefined && !isIPv6(literal)) return undefined;
  const name = (literal ?? plain ?? '').toLowerCase();
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  return { name, port, isAddress: isIP(name) !== 0 };
}

/** The name as a URL carries it: IPv6 addresses in brackets (RFC 3986 §3.2.2). */
export function toUrlHost(name: string): string {
  return isIPv6(name) ? `[${name}]` : name;
}

const defaultPorts = { http: 80, https: 443 } as const;

/** Scheme, name and port as browsers write an origin: without the port that the scheme stands for (RFC 6454 §6.1). */
export function toOrigin(scheme: 'http' | 'https', name: string, port: number): string {
  return `${scheme}://${toUrlHost(name)}${port === defaultPorts[scheme] ? '' : `:${port}`}`;
}

/** Names of this very machine, where browsers allow camera and microphone without encryption (W3C Secure Contexts §3.1). */
export function isOwnMachine(host: Host): boolean {
  return host.name === 'localhost' || host.name === '::1' || (host.isAddress && host.name.startsWith('127.'));
}
