import { encodeMessage, METHOD, type TransportAddress } from '@callbox/stun';
import { afterEach, beforeEach, expect } from 'vitest';
import { createOwnAddresses } from '../../policy/own-addresses.ts';
import { at, ip } from '../../testing/addresses.ts';
import { eventually } from '../../testing/eventually.ts';
import { readMedia, type ClientMedia } from '../../testing/media.ts';
import { UdpEndpoint } from '../../testing/udp-endpoint.ts';
import type { ClientPath } from '../client-path.ts';
import type { DataPlane, DataPlaneSettings } from '../data-plane.ts';
import type { PlaneCounterName } from '../plane-counters.ts';
import type { PlaneRelayAddress } from '../route-change.ts';

export const SERVER = '127.0.0.1';
export const RELAY = '127.0.0.3';
/** Nobody has it: what reaches it was joined inside. */
export const ADVERTISED = '203.0.113.7';
export const RELAY_V6 = '::1';
export const ADVERTISED_V6 = '2001:db8::7';
/** What relays of both families have unless they are told otherwise. */
export const RELAY_ADDRESSES = {
  4: { local: ip(RELAY), advertised: ip(ADVERTISED) },
  6: { local: ip(RELAY_V6), advertised: ip(ADVERTISED_V6) },
};
/** After the server has moved. */
export const OTHER_RELAY = '127.0.0.4';
export const OTHER_ADVERTISED = '203.0.113.8';
export const OTHER_ADDRESS = { local: ip(OTHER_RELAY), advertised: ip(OTHER_ADVERTISED) };
export const PEER = '127.0.0.2';
export const CHANNEL = 0x4001;
export const BINDING = encodeMessage({
  class: 'request',
  method: METHOD.binding,
  transactionId: new Uint8Array(12).fill(1),
  attributes: [],
});

/** A relay that the plane has been told of. */
export interface Relayed {
  readonly relay: number;
  readonly port: number;
  readonly path: ClientPath;
}

/** A client on UDP with a relay. */
export interface UdpClient extends Relayed {
  readonly socket: UdpEndpoint;
  readonly send: (octets: Uint8Array) => void;
  readonly media: () => Promise<ClientMedia>;
}

/** A plane over loopback, made anew for each test, and those who talk to it. */
export interface PlaneScene {
  /** The plane of the test. */
  readonly plane: DataPlane;
  /** Where its clients on UDP come in. */
  readonly listener: TransportAddress;
  /** The port that the next relay gets. */
  readonly nextPort: number;
  /** What the plane has handed up, copied. */
  readonly handedUp: { readonly client: ClientPath; readonly octets: Uint8Array }[];
  readonly servicePorts: Set<number>;
  /** Makes the plane anew, with a rate for each account and perhaps for each relay. */
  readonly restart: (bytesPerSecondPerUser: number, bytesPerSecondPerRelay?: number) => Promise<void>;
  /** Opens a socket that is closed with the test. */
  readonly open: (address?: string, port?: number) => Promise<UdpEndpoint>;
  /** Closes one before that. */
  readonly shut: (endpoint: UdpEndpoint) => Promise<void>;
  /** Waits for a count, since packets take their time, and gives it. */
  readonly counted: (counter: PlaneCounterName, times?: number) => Promise<number>;
  readonly takeRelayId: () => number;
  readonly addRelay: (path: ClientPath, family?: 4 | 6, user?: string, on?: PlaneRelayAddress) => Relayed;
  readonly udpClient: (family?: 4 | 6, user?: string, on?: PlaneRelayAddress) => Promise<UdpClient>;
  readonly permit: (relay: number, peer: string) => void;
  readonly bind: (relay: number, peer: TransportAddress, channel?: number) => void;
  /** A client with a socket, a permission and a channel for one peer. */
  readonly connected: (user?: string) => Promise<{ readonly client: UdpClient; readonly peer: UdpEndpoint }>;
}

/** To be called where tests are described: the scene opens before each of them and closes after it. */
export function createPlaneScene(createPlane: (settings: DataPlaneSettings) => DataPlane): PlaneScene {
  const endpoints: UdpEndpoint[] = [];
  const handedUp: { readonly client: ClientPath; readonly octets: Uint8Array }[] = [];
  const servicePorts = new Set<number>();
  let plane: DataPlane;
  let listener: TransportAddress;
  let nextRelay = 1;
  let nextPort = 0;

  async function start(bytesPerSecondPerUser: number, bytesPerSecondPerRelay = Infinity): Promise<void> {
    plane = createPlane({
      own: createOwnAddresses({
        relay: [RELAY, ADVERTISED, RELAY_V6, ADVERTISED_V6, OTHER_RELAY, OTHER_ADVERTISED].map(ip),
        machine: [ip(SERVER)],
        servicePorts,
      }),
      limits: { clientSockets: 16, bytesPerSecondPerUser, bytesPerSecondPerRelay },
      nowMs: () => performance.now(),
      seed: 1,
      onMessage: (client, octets) => {
        handedUp.push({ client, octets: new Uint8Array(octets) });
      },
    });
    ({ local: listener } = await plane.listen(at(SERVER, 0)));
  }

  beforeEach(async () => {
    handedUp.length = 0;
    servicePorts.clear();
    await start(Infinity);
    nextPort = 22_100 + Math.floor(Math.random() * 400) * 2;
  });

  afterEach(async () => {
    await plane.close();
    await Promise.all(endpoints.splice(0).map((endpoint) => endpoint.close()));
  });

  const scene: PlaneScene = {
    get plane() {
      return plane;
    },
    get listener() {
      return listener;
    },
    get nextPort() {
      return nextPort;
    },
    handedUp,
    servicePorts,
    restart: async (bytesPerSecondPerUser, bytesPerSecondPerRelay) => {
      await plane.close();
      await start(bytesPerSecondPerUser, bytesPerSecondPerRelay);
    },
    open: async (address, port) => {
      const endpoint = await UdpEndpoint.open(address, port);
      endpoints.push(endpoint);
      return endpoint;
    },
    shut: async (endpoint) => {
      endpoints.splice(endpoints.indexOf(endpoint), 1);
      await endpoint.close();
    },
    counted: async (counter, times = 1) => {
      const count = (): number => plane.counters().get(counter) ?? 0;
      await eventually(() => count() >= times, `${counter} = ${times}`);
      return count();
    },
    takeRelayId: () => {
      nextRelay += 1;
      return nextRelay;
    },
    addRelay: (path, family = 4, user, on) => {
      const relay = scene.takeRelayId();
      const port = nextPort;
      nextPort += 1;
      const address = on ?? RELAY_ADDRESSES[family];
      const account = user ?? `user ${relay}`;
      plane.apply({ kind: 'add-relay', relay, client: path, account, ports: [{ family, port, address }] });
      return { relay, port, path };
    },
    udpClient: async (family, user, on) => {
      const socket = await scene.open(SERVER);
      const path: ClientPath = { transport: 'udp', remote: socket.address, local: listener, port: 0 };
      return {
        ...scene.addRelay(path, family, user, on),
        socket,
        send: (octets) => {
          socket.send(octets, listener);
        },
        media: async () => readMedia((await socket.next()).octets),
      };
    },
    permit: (relay, peer) => {
      plane.apply({ kind: 'permit', relay, peer: ip(peer) });
    },
    bind: (relay, peer, channel = CHANNEL) => {
      plane.apply({ kind: 'bind-channel', relay, channel, peer });
    },
    connected: async (user) => {
      const client = await scene.udpClient(4, user);
      const peer = await scene.open(PEER);
      expect(plane.openSocket(client.relay, 4)).toBe('open');
      scene.permit(client.relay, PEER);
      scene.bind(client.relay, peer.address);
      return { client, peer };
    },
  };
  return scene;
}
