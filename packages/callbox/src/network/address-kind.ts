/** An address of this very machine that nobody else can reach (RFC 5735 §4, RFC 4291 §2.5.3). */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** The address that stands for all of this machine's. */
export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}
