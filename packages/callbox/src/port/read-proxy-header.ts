import type { Socket } from 'node:net';
import { parseProxyHeader, type ProxySource } from './parse-proxy-header.ts';

/**
 * Shows the far end of a connection as this source, to everybody who asks the socket from then on: relay, signaling and
 * logs need not know that there is a proxy.
 */
export function presentAs(socket: Socket, source: ProxySource): void {
  Object.defineProperties(socket, {
    remoteAddress: { value: source.address },
    remotePort: { value: source.port },
  });
}

/**
 * Takes from a connection the header with which a proxy begins it, and shows the source that it names as the far end. A
 * connection that begins with anything else is ended, for its proxy is not set up as it should be.
 */
export function readProxyHeader(socket: Socket, withinMs: number, onRead: () => void): void {
  let octets: Buffer = Buffer.alloc(0);
  const end = (): void => void socket.destroy();
  const timer = setTimeout(end, withinMs).unref();
  const stopTimer = (): void => clearTimeout(timer);
  socket.once('close', stopTimer);
  socket.on('error', end);
  socket.on('end', end);
  socket.on('data', read);

  function read(chunk: Buffer): void {
    octets = Buffer.concat([octets, chunk]);
    const header = parseProxyHeader(octets);
    if (header.kind === 'incomplete') return;
    stopTimer();
    if (header.kind === 'malformed') {
      end();
      return;
    }
    socket.off('close', stopTimer);
    socket.off('data', read);
    socket.off('end', end);
    socket.pause();
    if (octets.length > header.octets) socket.unshift(octets.subarray(header.octets));
    if (header.source !== undefined) presentAs(socket, header.source);
    onRead();
    socket.resume();
  }
}
