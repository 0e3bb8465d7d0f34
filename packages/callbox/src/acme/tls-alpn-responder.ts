import type { Socket } from 'node:net';
import { createSecureContext, createServer } from 'node:tls';
import type { KeyPair } from '../port/port-splitter.ts';
import { parseClientHello, type ClientHello } from './parse-client-hello.ts';

/** RFC 8737 §4. */
const challengeProtocol = 'acme-tls/1';

/** Takes connections of certificate authorities that look whether a name is ours. */
export interface TlsAlpnResponder {
  /**
   * Looks at a paused connection that begins with TLS. While a certificate authority is expected, its ClientHello is
   * awaited and decides: connections for the challenge are answered here, all others are given back as they were.
   */
  readonly screen: (socket: Socket, withinMs: number, giveBack: () => void) => void;
}

/**
 * RFC 8737 §3: nothing but the challenge's protocol is offered, and for a name that is being proven. A visitor's browser
 * offers others, and so never gets to see the challenge's certificate.
 */
function isForChallenge(
  { serverName, protocols }: ClientHello,
  names: ReadonlyMap<string, KeyPair>,
): boolean {
  return (
    protocols.length === 1 &&
    protocols[0] === challengeProtocol &&
    serverName !== undefined &&
    names.has(serverName)
  );
}

/** @param certificates those of challenges under way, by server name. */
export function createTlsAlpnResponder(certificates: ReadonlyMap<string, KeyPair>): TlsAlpnResponder {
  const server = createServer({
    minVersion: 'TLSv1.2',
    ALPNProtocols: [challengeProtocol],
    SNICallback: (name, done) => {
      const keyPair = certificates.get(name.toLowerCase());
      if (keyPair === undefined) done(new Error('no challenge is under way for this name'));
      else done(null, createSecureContext(keyPair));
    },
  });
  // The handshake was all there is (RFC 8737 §3).
  server.on('secureConnection', (socket) => socket.end());
  server.on('tlsClientError', (_error, socket) => socket.destroy());

  function screen(socket: Socket, withinMs: number, giveBack: () => void): void {
    if (certificates.size === 0) {
      giveBack();
      return;
    }
    let octets: Buffer = Buffer.alloc(0);
    const end = (): void => void socket.destroy();
    const timer = setTimeout(end, withinMs).unref();
    const stopTimer = (): void => clearTimeout(timer);
    socket.once('close', stopTimer);
    socket.on('end', end);
    socket.on('data', read);
    socket.resume();

    function read(chunk: Buffer): void {
      octets = Buffer.concat([octets, chunk]);
      const parsed = parseClientHello(octets);
      if (parsed.kind === 'incomplete') return;
      stopTimer();
      socket.off('close', stopTimer);
      socket.off('end', end);
      socket.off('data', read);
      socket.pause();
      socket.unshift(octets);
      if (parsed.kind === 'complete' && isForChallenge(parsed.hello, certificates)) {
        server.emit('connection', socket);
      } else {
        giveBack();
      }
    }
  }

  return { screen };
}
