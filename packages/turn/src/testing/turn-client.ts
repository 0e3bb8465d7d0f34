import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import {
  formatIpAddress,
  nonce as nonceAttribute,
  parseMessage,
  realm as realmAttribute,
  type TransportAddress,
} from '@callbox/stun';
import { requestedTransport, UDP_PROTOCOL } from '../codec/requested-transport.ts';
import { StreamFramer } from '../codec/stream-framer.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { channelNumber } from '../codec/channel-number.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';
import { xorRelayedAddress } from '../codec/xor-relayed-address.ts';
import { eventually } from './eventually.ts';
import { readMedia, writeChannelData, writeSend, type ClientMedia } from './media.ts';
import { attribute, writeRequest, type PendingAttribute } from './request.ts';
import { Response } from './response.ts';
import { UdpEndpoint } from './udp-endpoint.ts';

const POLL_MS = 5;

/** How a client's messages travel. */
interface Wire {
  /** How long to wait after each time that a request is sent. */
  readonly sendsAgainAfterMs: readonly number[];
  send(octets: Uint8Array): void;
  /** Whole messages that have come and not been taken. */
  readonly inbox: Uint8Array[];
  /** Stops and resumes reading. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

const nothing = (): void => undefined;

/** A TURN client that speaks over real sockets. */
export class TurnClient {
  readonly #wire: Wire;
  readonly #user: { readonly username: string; readonly password: string };
  readonly #media: ClientMedia[] = [];
  readonly #responses: Response[] = [];
  #challenge: { readonly realm: string; readonly nonce: string } | undefined;

  private constructor(wire: Wire, user: { readonly username: string; readonly password: string }) {
    this.#wire = wire;
    this.#user = user;
  }

  /** From the server's own address, unless told otherwise. */
  static async overUdp(
    server: TransportAddress,
    user: { readonly username: string; readonly password: string },
    port = 0,
    host = formatIpAddress(server.address),
  ): Promise<TurnClient> {
    const endpoint = await UdpEndpoint.open(host, port);
    return new TurnClient(
      {
        sendsAgainAfterMs: [250, 500, 1000, 2000, 4000, 8000],
        inbox: endpoint.inbox,
        send: (octets) => {
          endpoint.send(octets, server);
        },
        pause: nothing,
        resume: nothing,
        close: () => endpoint.close(),
      },
      user,
    );
  }

  static async overTcp(
    server: TransportAddress,
    user: { readonly username: string; readonly password: string },
    host?: string,
  ): Promise<TurnClient> {
    const from = host === undefined ? {} : { localAddress: host };
    const socket = connect({ host: formatIpAddress(server.address), port: server.port, ...from });
    await once(socket, 'connect');
    return new TurnClient(tcpWire(socket), user);
  }

  static async overTls(
    server: TransportAddress,
    user: { readonly username: string; readonly password: string },
    options: ConnectionOptions = {},
  ): Promise<TurnClient> {
    const socket = connectTls({
      host: formatIpAddress(server.address),
      port: server.port,
      rejectUnauthorized: false,
      ...options,
    });
    await once(socket, 'secureConnect');
    return new TurnClient(tcpWire(socket), user);
  }

  get nonce(): string | undefined {
    return this.#challenge?.nonce;
  }

  /** Signs with a nonce that was got elsewhere. */
  useNonce(realm: string, nonce: string): void {
    this.#challenge = { realm, nonce };
  }

  /** A signed request; asks for realm and nonce first if it has none. */
  async request(method: number, attributes: readonly PendingAttribute[] = []): Promise<Response> {
    if (this.#challenge === undefined) {
      const response = await this.exchange(
        writeRequest({ method: TURN_METHOD.allocate, transactionId: randomBytes(12) }),
      );
      this.#challenge = { realm: response.get(realmAttribute), nonce: response.get(nonceAttribute) };
    }
    const signing = { ...this.#user, ...this.#challenge };
    return this.exchange(writeRequest({ method, transactionId: randomBytes(12), attributes, signing }));
  }

  /** Sends a request until it is answered, as often as its transport needs (RFC 8489 §6.2.1). */
  async exchange(octets: Uint8Array): Promise<Response> {
    for (const patienceMs of this.#wire.sendsAgainAfterMs) {
      this.#wire.send(octets);
      const response = await this.#responseTo(octets.slice(8, 20), patienceMs);
      if (response !== undefined) return response;
    }
    throw new Error('no answer has come');
  }

  async #responseTo(transactionId: Uint8Array, patienceMs: number): Promise<Response | undefined> {
    const isOurs = ({ message }: Response): boolean =>
      Buffer.from(transactionId).equals(message.transactionId);
    const deadline = performance.now() + patienceMs;
    for (;;) {
      this.#sort();
      const response = this.#responses.find(isOurs);
      // Answers to what was sent twice are answers to nobody.
      if (response !== undefined) this.#responses.length = 0;
      if (response !== undefined || performance.now() > deadline) return response;
      await wait(POLL_MS);
    }
  }

  /** Allocates and gives the relayed address. */
  async allocate(attributes: readonly PendingAttribute[] = []): Promise<TransportAddress> {
    const response = await this.request(TURN_METHOD.allocate, [
      attribute(requestedTransport, UDP_PROTOCOL),
      ...attributes,
    ]);
    if (response.code !== 0) throw new Error(`Allocate: ${response.code}`);
    return response.get(xorRelayedAddress);
  }

  async permit(peer: TransportAddress): Promise<number> {
    const peers = [attribute(xorPeerAddress, peer)];
    return (await this.request(TURN_METHOD.createPermission, peers)).code;
  }

  async bind(channel: number, peer: TransportAddress): Promise<number> {
    const attributes = [attribute(channelNumber, channel), attribute(xorPeerAddress, peer)];
    return (await this.request(TURN_METHOD.channelBind, attributes)).code;
  }

  sendTo(peer: TransportAddress, payload: Uint8Array): void {
    this.#wire.send(writeSend(peer, payload));
  }

  sendOn(channel: number, payload: Uint8Array): void {
    this.#wire.send(writeChannelData(channel, payload));
  }

  sendOctets(octets: Uint8Array): void {
    this.#wire.send(octets);
  }

  /** The next media that has come. */
  async media(): Promise<ClientMedia> {
    await eventually(() => {
      this.#sort();
      return this.#media.length > 0;
    }, 'media');
    const [media] = this.#media.splice(0, 1);
    if (media === undefined) throw new Error('unreachable');
    return media;
  }

  pause(): void {
    this.#wire.pause();
  }

  resume(): void {
    this.#wire.resume();
  }

  close(): Promise<void> {
    return this.#wire.close();
  }

  #sort(): void {
    for (const octets of this.#wire.inbox.splice(0)) {
      const parsed = parseMessage(octets);
      const isResponse = parsed.ok && parsed.message.class !== 'indication';
      if (isResponse) this.#responses.push(new Response(octets));
      else this.#media.push(readMedia(octets));
    }
  }
}

/** Pads ChannelData on the way out, cuts messages on the way in. */
function tcpWire(socket: Socket): Wire {
  const inbox: Uint8Array[] = [];
  const framer = new StreamFramer(100_000);
  const sink = {
    onFrame: (bytes: Uint8Array, start: number, end: number): void => {
      inbox.push(Uint8Array.from(bytes.subarray(start, end)));
    },
  };
  socket.on('data', (chunk) => {
    const error = framer.push(chunk, sink);
    if (error !== undefined) throw new Error(`the server sent ${error}`);
  });
  socket.on('error', () => undefined);
  return {
    sendsAgainAfterMs: [16_000],
    inbox,
    send: (octets) => {
      socket.write(Uint8Array.of(...octets, ...new Uint8Array((4 - (octets.length % 4)) % 4)));
    },
    pause: () => {
      socket.pause();
    },
    resume: () => {
      socket.resume();
    },
    close: async () => {
      if (socket.closed) return;
      socket.destroy();
      await once(socket, 'close');
    },
  };
}
