import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect as connectTcp, isIP, isIPv4, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { StreamFramer } from '../codec/stream-framer.ts';
import { RelayProbeError } from './relay-probe-error.ts';

/** Where a relay is said to be, and the way to it. */
export interface RelayTarget {
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  /** Over TLS: whether the certificate has to be trusted for `host`. Default true. */
  readonly verifyCertificate?: boolean;
}

/** What comes of a wire by itself. */
export interface WireEvents {
  readonly onMessage: (octets: Uint8Array) => void;
  /** The other side, or the network, has ended a connection. */
  readonly onClosed: () => void;
}

/** How a client's messages travel. */
export interface ClientWire {
  /** A datagram may be lost: what waits for an answer says it again. */
  readonly isReliable: boolean;
  send(octets: Uint8Array): void;
  close(): void;
}

const maxFrameBytes = 65_536;

async function openUdp(target: RelayTarget, { onMessage }: WireEvents): Promise<ClientWire> {
  const address = isIP(target.host) === 0 ? (await lookup(target.host)).address : target.host;
  const socket = createSocket(isIPv4(address) ? 'udp4' : 'udp6');
  // A port that nobody listens on may answer with an error of the network: to us that is silence.
  socket.on('error', () => {});
  // RFC 8489 §6.2.1: only the server we asked may answer, which connecting sees to.
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.connect(target.port, address, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  socket.on('message', (octets) => onMessage(new Uint8Array(octets)));
  return {
    isReliable: false,
    send: (octets) => socket.send(octets, () => {}),
    close: () => void socket.close(),
  };
}

function wrapStream(socket: Socket, { onMessage, onClosed }: WireEvents): ClientWire {
  const framer = new StreamFramer(maxFrameBytes);
  const sink = {
    onFrame: (bytes: Uint8Array, start: number, end: number) => onMessage(bytes.slice(start, end)),
  };
  socket.on('error', () => socket.destroy());
  socket.on('close', onClosed);
  socket.on('data', (chunk: Buffer) => {
    if (framer.push(new Uint8Array(chunk), sink) !== undefined) socket.destroy();
  });
  return {
    isReliable: true,
    send: (octets) => void socket.write(octets),
    close: () => void socket.destroy(),
  };
}

async function openStream(target: RelayTarget, signal: AbortSignal, events: WireEvents): Promise<ClientWire> {
  const tcp = connectTcp({ host: target.host, port: target.port, noDelay: true });
  const giveUp = (): void => void tcp.destroy();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await once(tcp, 'connect', { signal });
    if (target.transport === 'tcp') return wrapStream(tcp, events);
    const tls = connectTls({
      socket: tcp,
      ...(isIP(target.host) === 0 ? { servername: target.host } : { host: target.host }),
      rejectUnauthorized: target.verifyCertificate ?? true,
    });
    try {
      await Promise.race([once(tls, 'secureConnect', { signal }), whenEnded(tls)]);
    } catch (error) {
      if (!signal.aborted) tls.destroy();
      throw new RelayProbeError('tls', describe(error), { cause: error });
    }
    return wrapStream(tls, events);
  } catch (error) {
    tcp.on('error', () => {});
    tcp.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** Rejects when a connection ends before it was made, which is no error to the socket itself. */
async function whenEnded(socket: Socket): Promise<never> {
  await once(socket, 'close');
  throw new Error('the connection was closed');
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError') return 'no answer in time';
  return 'code' in error ? String(error.code) : error.message;
}

/** Opens the way to a relay. Rejects with a `RelayProbeError` of step `connect` or `tls`. */
export async function openClientWire(
  target: RelayTarget,
  signal: AbortSignal,
  events: WireEvents,
): Promise<ClientWire> {
  try {
    return target.transport === 'udp'
      ? await openUdp(target, events)
      : await openStream(target, signal, events);
  } catch (error) {
    if (error instanceof RelayProbeError) throw error;
    throw new RelayProbeError('connect', describe(error), { cause: error });
  }
}
