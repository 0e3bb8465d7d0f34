/** How long a connection may take over what it owes us. All in milliseconds. */
export interface PortTimeouts {
  /** From accepting, and again from the end of the TLS handshake, to the first byte. Browsers open connections ahead. */
  readonly firstByteMs: number;
  /** From the first byte to the end of the TLS handshake. */
  readonly handshakeMs: number;
  /** From the first byte of a connection to the end of a request's headers. */
  readonly headersMs: number;
  /** From the headers to the end of the request's body. */
  readonly requestMs: number;
  /** Between two requests. Above the 60 s for which proxies keep theirs. */
  readonly keepAliveMs: number;
  /** Without a byte in either direction while a response is under way; above the 25 s between pings of a long poll. */
  readonly idleMs: number;
}

export const defaultPortTimeouts: PortTimeouts = {
  firstByteMs: 15_000,
  handshakeMs: 10_000,
  headersMs: 15_000,
  requestMs: 30_000,
  keepAliveMs: 65_000,
  idleMs: 120_000,
};
