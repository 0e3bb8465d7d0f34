/** A port could not be opened. */
export class ListenError extends Error {
  readonly code = 'listen-failed';
  override readonly name = 'ListenError';
  readonly port: number;
  /** The system's word for it, such as `EADDRINUSE`. */
  readonly reason: string;

  constructor(port: number, cause: unknown) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    super(`cannot listen on TCP port ${port}: ${reason}`, { cause });
    this.port = port;
    this.reason = reason;
  }
}
