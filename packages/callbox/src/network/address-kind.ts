/** An address of this very machine that nobody else can reach (RFC 5735 §4, RFC 4291 §2.5.3). */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** Whether who listens there listens on all addresses of this machine; also if no address is named. */
export function isEverywhere(address: string | undefined): address is undefined | '0.0.0.0' | '::' {
  return address === undefined || address === '0.0.0.0' || address === '::';
}
