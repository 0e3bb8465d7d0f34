/** A socket for clients could not be bound. `code` is the system's word for it, such as `EADDRINUSE`. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code: string;
  readonly transport: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;

  constructor(
    target: { readonly transport: 'udp' | 'tcp'; readonly address: string; readonly port: number },
    cause: unknown,
  ) {
    const code = codeOf(cause);
    const { transport, address, port } = target;
    super(`cannot listen on ${transport} ${address} port ${port}: ${code}`, { cause });
    this.code = code;
    this.transport = transport;
    this.address = address;
    this.port = port;
  }
}

function codeOf(cause: unknown): string {
  const hasCode = cause instanceof Error && 'code' in cause && typeof cause.code === 'string';
  return hasCode ? String(cause.code) : 'UNKNOWN';
}
