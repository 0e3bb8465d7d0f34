import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Duplex } from 'node:stream';
import type { TurnStream } from '@callbox/turn';
import type { TlsAlpnResponder } from '../acme/tls-alpn-responder.ts';
import type { AddressSet } from '../network/address-set.ts';
import {
  createConnectionLedger,
  defaultConnectionLimits,
  type ConnectionLimits,
  type LedgerEntry,
} from './connection-ledger.ts';
import { detectProtocol, type Protocol } from './detect-protocol.ts';
import { enforceHttpDeadlines } from './http-deadlines.ts';
import { ListenError } from './listen-error.ts';
import { isProxyLine } from './parse-proxy-header.ts';
import { defaultPortTimeouts, type PortTimeouts } from './port-timeouts.ts';
import { presentAs, readProxyHeader } from './read-proxy-header.ts';
import { createTlsDoor } from './tls-door.ts';

/** A certificate with its chain, and its private key, in PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface PortSplitterOptions {
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Takes over TURN connections; without it they are ended. */
  readonly onTurn: ((connection: TurnStream) => void) | undefined;
  /** Without it TLS is not spoken: connections that begin so are ended. */
  readonly keyPair: KeyPair | undefined;
  /** Shown to whoever comes by a name or an address for which the other does not stand. */
  readonly localKeyPair?: KeyPair | undefined;
  /** Takes connections of certificate authorities that look whether a name is ours, before TLS begins. */
  readonly challenges?: TlsAlpnResponder | undefined;
  /** Proxies. They may hold any number of connections. */
  readonly proxies?: AddressSet | undefined;
  /** Those proxies begin every connection to this port with a header of the PROXY protocol. */
  readonly expectsProxyHeader?: boolean;
  readonly timeouts?: Partial<PortTimeouts>;
  readonly limits?: Partial<ConnectionLimits>;
}

/** One TCP port that speaks HTTP, HTTPS, WebSocket, TURN and TURN over TLS. */
export interface PortSplitter {
  /** Opens the port. Rejects with a `ListenError`. */
  listen(port: number, host: string | undefined): Promise<void>;
  /** The port that was opened; 0 before. */
  readonly port: number;
  /** Connections that are open, whatever they speak. */
  readonly connectionCount: number;
  /**
   * Serves other certificates from the next handshake on; connections that exist are left alone. Without a key pair from
   * the start it does nothing.
   */
  setKeyPair(keyPair: KeyPair, localKeyPair?: KeyPair): void;
  /** Closes the port and every connection. */
  stop(): Promise<void>;
}

/** A socket bound to `::` shows IPv4 addresses mapped into IPv6 (RFC 4291 §2.5.5.2); others are told them as IPv4. */
function unmapAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
}

function toTurnStream(stream: Socket, transport: TurnStream['transport']): TurnStream {
  return {
    stream,
    transport,
    remote: { address: unmapAddress(stream.remoteAddress), port: stream.remotePort ?? 0 },
    local: { address: unmapAddress(stream.localAddress), port: stream.localPort ?? 0 },
  };
}

/** An accepted connection. */
interface Arrival {
  readonly socket: Socket;
  /** Undefined for the own connection of a proxy. */
  entry: LedgerEntry | undefined;
}

/** Tells the connections of one port apart, and is the same for a connection and for the TLS within it. */
function keyOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress ?? ''} ${remotePort ?? 0} ${localAddress ?? ''}`;
}

/**
 * Makes a port that tells protocols apart by the first byte, and those within TLS by the first byte after decryption.
 * It owns every connection and its deadlines until another part takes it over.
 */
export function createPortSplitter(options: PortSplitterOptions): PortSplitter {
  const timeouts: PortTimeouts = { ...defaultPortTimeouts, ...options.timeouts };
  const connections = new Set<Socket>();
  const ledger = createConnectionLedger({ ...defaultConnectionLimits, ...options.limits });
  /** Connections within which a TLS handshake is under way. */
  const securing = new Map<string, Arrival>();

  const httpServer = createHttpServer({ keepAliveTimeout: timeouts.keepAliveMs });
  httpServer.timeout = timeouts.idleMs;
  const deadlines = enforceHttpDeadlines(httpServer, timeouts);
  httpServer.on('request', options.onRequest);
  httpServer.on('upgrade', options.onUpgrade);

  const tlsDoor =
    options.keyPair === undefined
      ? undefined
      : createTlsDoor(options.keyPair, options.localKeyPair, {
          handshakeMs: timeouts.handshakeMs,
          onSecured: handleSecured,
        });
  const tcpServer = createTcpServer({ noDelay: true }, accept);

  function accept(socket: Socket): void {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    const arrival: Arrival = { socket, entry: undefined };
    // Before a proxy's header changes what the socket shows.
    const key = keyOf(socket);
    const isProxy = options.proxies?.has(socket.remoteAddress ?? '') === true;
    if (isProxy && options.expectsProxyHeader === true) {
      readProxyHeader(socket, timeouts.firstByteMs, () => {
        if (enter(arrival)) sniff(socket, 'tcp', arrival, key);
      });
    } else if (isProxy || enter(arrival)) {
      sniff(socket, 'tcp', arrival, key);
    }
  }

  /** Counts a connection for the address that it comes from; ends it and returns false if that has too many. */
  function enter(arrival: Arrival): boolean {
    const { socket } = arrival;
    const entry = ledger.admit(socket.remoteAddress ?? '', () => socket.destroy());
    if (entry === undefined) {
      socket.destroy();
      return false;
    }
    arrival.entry = entry;
    socket.once('close', () => entry.close());
    return true;
  }

  /** The handshake is over: what the connection carries begins now. */
  function handleSecured(secured: TLSSocket): void {
    const key = keyOf(secured);
    const arrival = securing.get(key);
    if (arrival === undefined) {
      secured.destroy();
      return;
    }
    securing.delete(key);
    const { remoteAddress: address = '', remotePort: port = 0 } = arrival.socket;
    presentAs(secured, { address, port });
    sniff(secured, 'tls', arrival, key);
  }

  /** Waits for the first bytes, puts them back, and hands the connection to whom they concern. */
  function sniff(
    socket: Socket | TLSSocket,
    transport: TurnStream['transport'],
    arrival: Arrival,
    key: string,
  ): void {
    // A connection that breaks has nothing left to be done about.
    socket.on('error', () => socket.destroy());
    const timer = setTimeout(() => socket.destroy(), timeouts.firstByteMs).unref();
    const giveUp = (): void => {
      clearTimeout(timer);
      socket.destroy();
    };
    socket.once('end', giveUp);
    socket.once('close', giveUp);
    socket.once('data', (chunk: Buffer) => {
      clearTimeout(timer);
      socket.off('end', giveUp);
      socket.off('close', giveUp);
      socket.pause();
      socket.unshift(chunk);
      const protocol = isProxyLine(chunk) ? 'unknown' : detectProtocol(chunk[0] ?? 0xff);
      if (protocol === 'tls' && transport === 'tcp') screen(arrival, key);
      else dispatch(socket, transport, arrival, protocol);
    });
  }

  function screen(arrival: Arrival, key: string): void {
    const { challenges } = options;
    if (challenges === undefined) secure(arrival, key);
    else challenges.screen(arrival.socket, timeouts.handshakeMs, () => secure(arrival, key));
  }

  function secure(arrival: Arrival, key: string): void {
    const { socket } = arrival;
    if (tlsDoor === undefined) {
      socket.destroy();
      return;
    }
    securing.set(key, arrival);
    socket.once('close', () => {
      if (securing.get(key) === arrival) securing.delete(key);
    });
    tlsDoor.secure(socket);
  }

  function dispatch(
    socket: Socket,
    transport: TurnStream['transport'],
    { entry }: Arrival,
    protocol: Protocol,
  ): void {
    entry?.spoke();
    if (protocol === 'http') {
      deadlines.watch(socket);
      httpServer.emit('connection', socket);
      socket.resume();
    } else if (protocol === 'turn' && options.onTurn !== undefined) {
      options.onTurn(toTurnStream(socket, transport));
      socket.resume();
    } else {
      socket.destroy();
    }
  }

  return {
    get port() {
      const address = tcpServer.address() as AddressInfo | null;
      return address?.port ?? 0;
    },
    get connectionCount() {
      return connections.size;
    },
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        const onError = (error: Error): void => reject(new ListenError(port, error));
        tcpServer.once('error', onError);
        tcpServer.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
          tcpServer.off('error', onError);
          // An accept that fails, for want of file descriptors, is that client's trouble and not the program's.
          tcpServer.on('error', () => {});
          resolve();
        });
      }),
    setKeyPair: (keyPair, localKeyPair) => tlsDoor?.setKeyPairs(keyPair, localKeyPair),
    stop: () =>
      new Promise((resolve) => {
        // The callback gets an error if the port was never open, which is as closed as it gets.
        tcpServer.close(() => resolve());
        for (const socket of connections) socket.destroy();
      }),
  };
}
