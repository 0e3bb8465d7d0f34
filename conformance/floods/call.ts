import { setTimeout as delay } from 'node:timers/promises';
import type { Credential } from '../turn/client/credential.ts';
import { encodeChannelData } from '../turn/client/channel-data.ts';
import { createPeer, type Peer } from '../turn/client/peer.ts';
import { valueOf } from '../turn/client/reply.ts';
import { createTurnClient, type TurnClient } from '../turn/client/turn-client.ts';
import {
  attribute,
  channelNumber,
  METHOD,
  PROTOCOL,
  requestedTransport,
  xorPeerAddress,
  xorRelayedAddress,
} from '../turn/client/turn-wire.ts';
import type { CallCommand, CallMessage, CallReport } from './messages.ts';
import { PEER_IP, SERVER_IP } from './network.ts';
import type { TransportAddress } from '@callbox/stun';

/** A call through the relay: numbered packets both ways, and a signed request now and then. */
const CREDENTIAL: Credential = { username: 'ana', password: 'ana-password' };
const CHANNEL = 0x4000;
/** Audio and video of one participant, roughly. */
const PACKETS_PER_SECOND = 200;
const PACKET_BYTES = 900;
const REQUEST_INTERVAL_MS = 250;
const TICK_MS = 2;
/** After the last packet, for those that are still on their way. */
const PATIENCE_MS = 1000;

interface Call {
  readonly client: TurnClient;
  readonly peer: Peer;
  readonly relayed: TransportAddress;
}

let call: Call | undefined;

process.on('message', (command: CallCommand) => {
  void carryOut(command).then(tell);
});
process.on('disconnect', () => process.exit(0));
tell({ kind: 'ready' });

async function carryOut(command: CallCommand): Promise<CallMessage> {
  if (command.kind === 'talk') return talk(command.durationMs);
  const client = await createTurnClient({
    transport: 'udp',
    host: SERVER_IP,
    port: command.port,
    credential: CREDENTIAL,
  });
  const peer = await createPeer(PEER_IP);
  const allocated = await client.request({
    method: METHOD.allocate,
    attributes: [requestedTransport(PROTOCOL.udp)],
  });
  const bound = await client.request({
    method: METHOD.channelBind,
    attributes: [channelNumber(CHANNEL), attribute(xorPeerAddress, peer.address)],
  });
  if (bound.outcome !== 'success') throw new Error(`no channel: ${bound.outcome}`);
  call = { client, peer, relayed: valueOf(allocated.message, xorRelayedAddress) };
  return { kind: 'connected' };
}

async function talk(durationMs: number): Promise<CallReport> {
  if (call === undefined) throw new Error('not connected');
  const { client, peer, relayed } = call;
  const first = heardByClient(client) + peer.received.rest.length;
  const start = performance.now();
  const requests: Promise<number | null>[] = [];
  let sent = 0;
  for (let ms = 0; ms < durationMs; ms = performance.now() - start) {
    for (; sent * 1000 < ms * PACKETS_PER_SECOND; sent += 1) {
      const payload = new Uint8Array(PACKET_BYTES);
      client.send(encodeChannelData(CHANNEL, payload, 0));
      peer.send(relayed, payload);
    }
    if (requests.length * REQUEST_INTERVAL_MS < ms) requests.push(timeRequest(client));
    await delay(TICK_MS);
  }
  await delay(PATIENCE_MS);
  const heard = heardByClient(client) + peer.received.rest.length - first;
  return { kind: 'talked', sent: 2 * sent, lost: 2 * sent - heard, requestMs: await Promise.all(requests) };
}

function heardByClient({ received }: TurnClient): number {
  return received.rest.filter(({ kind }) => kind === 'channel-data').length;
}

async function timeRequest(client: TurnClient): Promise<number | null> {
  const start = performance.now();
  return client.request({ method: METHOD.refresh }).then(
    () => performance.now() - start,
    () => null,
  );
}

function tell(message: CallMessage): void {
  process.send?.(message);
}
