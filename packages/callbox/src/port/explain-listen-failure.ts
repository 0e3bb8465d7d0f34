/** A port that could not be opened, and the option that chooses another. */
export interface ListenFailure {
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
  readonly address: string | undefined;
  /** The system's word for it, such as `EADDRINUSE`. */
  readonly reason: string;
  readonly flag: string;
  /** The option that chooses another address; `--host` if nothing is said. */
  readonly addressFlag?: string;
}

/** Says in one line which port is the matter and what to do. */
export function explainListenFailure(failure: ListenFailure): string {
  const { port, address, reason, flag, addressFlag = '--host' } = failure;
  const transport = failure.transport.toUpperCase();
  switch (reason) {
    case 'EADDRINUSE':
      return `${transport} port ${port} is already in use; end the program that uses it, or choose another with ${flag}`;
    case 'EACCES':
      return `${transport} port ${port} is reserved for the administrator; choose one above 1023 with ${flag}`;
    case 'EADDRNOTAVAIL':
      return `${address ?? 'the address'} is not an address of this machine; choose another with ${addressFlag}`;
    default:
      return `${transport} port ${port} cannot be opened (${reason}); choose another with ${flag}`;
  }
}
