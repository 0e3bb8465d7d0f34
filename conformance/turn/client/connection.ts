import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket as NetSocket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { TransportAddress } from '@callbox/stun';
import { createStreamFrames } from './stream-frames.ts';
import { transportAddress } from './transport-address.ts';

export type TransportKind = 'udp' | 'tcp' | 'tls';

/** A client's way to the server. */
export interface Connection {
  readonly transport: TransportKind;
  readonly local: TransportAddress;
  /** One datagram, or octets on the stream. */
  readonly send: (bytes: Uint8Array) => void;
  /** Stops or resumes taking octets off the stream, so that they pile up on the way; does nothing over UDP. */
  readonly setReading: (isReading: boolean) => void;
  /** Settles when the server has ended the stream; never over UDP. */
  readonly ended: Promise<void>;
  readonly close: () => Promise<void>;
}

export interface ConnectionOptions {
  readonly transport: TransportKind;
  readonly host: string;
  readonly port: number;
  /** The local port; any free one by default. */
  readonly localPort?: number | undefined;
  /** The local address; what leads to the host by default. */
  readonly localHost?: string | undefined;
  /** A bound UDP socket to send from, of another network namespace perhaps; one of its own by default. */
  readonly socket?: Socket | undefined;
  /** Called with each datagram, or each whole frame of the stream. */
  readonly onFrame: (bytes: Uint8Array) => void;
}

export function openConnection(options: ConnectionOptions): Promise<Connection> {
  return options.transport === 'udp' ? openUdp(options) : openStream(options);
}

/** Ports from which an earlier client may have left an allocation behind: a UDP server does not hear of its end. */
const usedUdpPorts = new Set<number>();

/** A socket on the given port, or on one that no client of this process has had. */
async function bindFresh(type: 'udp4' | 'udp6', port: number, host: string | undefined): Promise<Socket> {
  const socket = createSocket(type);
  socket.bind(port, host);
  await once(socket, 'listening');
  const bound = socket.address().port;
  if (port !== 0 || !usedUdpPorts.has(bound)) {
    usedUdpPorts.add(bound);
    return socket;
  }
  const another = await bindFresh(type, port, host);
  socket.close();
  return another;
}

async function openUdp(options: ConnectionOptions): Promise<Connection> {
  const { host, port, localPort = 0, localHost, onFrame } = options;
  const socket =
    options.socket ?? (await bindFresh(host.includes(':') ? 'udp6' : 'udp4', localPort, localHost));
  socket.on('message', (bytes) => {
    onFrame(Uint8Array.from(bytes));
  });
  // The kernel tells a connected socket of a server that has ended, as a reset tells a stream: what is missing then is noticed.
  socket.on('error', () => {});
  // Connected, as browsers do: what comes from another address than the server's is not seen.
  socket.connect(port, host);
  await once(socket, 'connect');
  const { address, port: boundPort } = socket.address();
  return {
    transport: 'udp',
    local: transportAddress(address, boundPort),
    send: (bytes) => {
      socket.send(bytes);
    },
    setReading: () => {},
    ended: new Promise(() => {}),
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

async function openStream({
  transport,
  host,
  port,
  localPort,
  localHost,
  onFrame,
}: ConnectionOptions): Promise<Connection> {
  const connection = connect({
    host,
    port,
    ...(localPort === undefined ? {} : { localPort }),
    ...(localHost === undefined ? {} : { localAddress: localHost }),
  });
  await once(connection, 'connect');
  connection.setNoDelay(true);
  const local = transportAddress(connection.localAddress ?? '', connection.localPort ?? 0);
  const socket = transport === 'tls' ? await secure(connection) : connection;
  const frames = createStreamFrames();
  socket.on('data', (chunk) => {
    for (const frame of frames(chunk)) onFrame(frame);
  });
  const ended = new Promise<void>((resolve) => {
    connection.once('close', () => {
      resolve();
    });
  });
  // A reset is one of the ways in which a server ends a stream; `close` follows.
  for (const layer of [connection, socket]) layer.on('error', () => {});
  return {
    transport,
    local,
    send: (bytes) => {
      socket.write(bytes);
    },
    setReading: (isReading) => {
      if (isReading) socket.resume();
      else socket.pause();
    },
    ended,
    close: async () => {
      // A reset rather than an orderly end: the local port is free again at once.
      connection.resetAndDestroy();
      await ended;
    },
  };
}

/** TLS over the connection. Whom the certificate is for is not looked at: browsers do, and their tests. */
async function secure(connection: NetSocket): Promise<TLSSocket> {
  const socket = connectTls({ socket: connection, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  return socket;
}
