import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import { TLS_SETTINGS } from './tls-settings.ts';

/** A certificate with its chain, and its private key, in PEM. */
export interface KeyPair {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/** The first octet of a TLS handshake (RFC 8446 §5.1). No message of TURN begins with it. */
const HANDSHAKE_RECORD = 22;

/** The longest that a timer of Node waits. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A client may name what it wants to speak (RFC 7443); browsers do not. */
const ALPN_PROTOCOLS = ['stun.turn', 'stun.nat-discovery'];

/** Ends TLS for accepted connections. */
export class TlsFront {
  #context: SecureContext;

  /** Throws what OpenSSL has to say of a pair that cannot be used. */
  constructor(keyPair: KeyPair) {
    this.#context = createContext(keyPair);
  }

  /** Serves another pair from the next handshake on; connections that exist are left alone. Throws like the constructor. */
  setKeyPair(keyPair: KeyPair): void {
    this.#context = createContext(keyPair);
  }

  /**
   * The stream within. It carries nothing before the handshake is done, and ends when that fails; its time is the time that
   * any client has for its first message.
   */
  secure(socket: Socket): TLSSocket {
    // What happens to the connection happens to the stream within, too.
    socket.on('error', () => undefined);
    return new TLSSocket(socket, {
      isServer: true,
      secureContext: this.#context,
      ALPNProtocols: ALPN_PROTOCOLS,
    });
  }
}

function createContext({ cert, key }: KeyPair): SecureContext {
  return createSecureContext({ ...TLS_SETTINGS, cert, key });
}

/** Waits for the first octet of a connection, and puts it back; a connection that takes too long is closed. */
export function detectTls(
  socket: Socket,
  timeoutMs: number,
  onDetected: (transport: 'tcp' | 'tls') => void,
): void {
  const giveUp = (): void => {
    socket.destroy();
  };
  socket.on('error', giveUp);
  socket.once('end', giveUp);
  socket.setTimeout(Math.min(timeoutMs, MAX_TIMER_MS), giveUp);
  socket.once('data', (chunk: Buffer) => {
    socket.setTimeout(0, giveUp);
    socket.off('end', giveUp);
    socket.pause();
    socket.unshift(chunk);
    onDetected(chunk[0] === HANDSHAKE_RECORD ? 'tls' : 'tcp');
  });
}
