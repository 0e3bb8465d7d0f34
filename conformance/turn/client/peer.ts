import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { formatIpAddress, type TransportAddress } from '@callbox/stun';
import { createInbox, type Inbox } from './inbox.ts';
import { isSameAddress, transportAddress } from './transport-address.ts';

export interface PeerDatagram {
  readonly payload: Uint8Array;
  readonly from: TransportAddress;
}

/** The other end of a relay: a UDP socket that knows nothing of TURN. */
export interface Peer {
  readonly address: TransportAddress;
  readonly received: Inbox<PeerDatagram>;
  readonly send: (to: TransportAddress, payload: Uint8Array) => void;
  /** A datagram to itself: whatever the kernel had for this socket before is in `received` by then. */
  readonly fence: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function createPeer(host: string): Promise<Peer> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  const bound = socket.address();
  const address = transportAddress(bound.address, bound.port);
  const received = createInbox<PeerDatagram>();
  socket.on('message', (payload, from) => {
    received.push({ payload: Uint8Array.from(payload), from: transportAddress(from.address, from.port) });
  });
  const send = (to: TransportAddress, payload: Uint8Array): void => {
    socket.send(payload, to.port, formatIpAddress(to.address));
  };
  let closed: Promise<void> | undefined;
  return {
    address,
    received,
    send,
    fence: async () => {
      send(address, new TextEncoder().encode('fence'));
      await received.take('its own datagram', ({ from }) => isSameAddress(from, address));
    },
    close: () => (closed ??= closeSocket(socket)),
  };
}

async function closeSocket(socket: Socket): Promise<void> {
  socket.close();
  await once(socket, 'close');
}
