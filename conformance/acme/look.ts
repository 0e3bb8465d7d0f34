import { once } from 'node:events';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';

/** A TLS connection to a port of this machine that asks for this name, or for none. */
export async function dial(port: number, servername: string | undefined, ca?: string): Promise<TLSSocket> {
  const socket = connect({
    port,
    host: '127.0.0.1',
    ...(servername === undefined ? {} : { servername }),
    ...(ca === undefined ? { rejectUnauthorized: false } : { ca }),
  });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

/** The certificate that is served there now; rejects unless `ca`, where it is given, vouches for the name. */
export async function look(
  port: number,
  servername: string | undefined,
  ca?: string,
): Promise<PeerCertificate> {
  const socket = await dial(port, servername, ca);
  const certificate = socket.getPeerCertificate();
  socket.destroy();
  return certificate;
}
