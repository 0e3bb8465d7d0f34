import { Duplex } from 'node:stream';
import { METHOD } from '@callbox/stun';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelNumber } from '../codec/channel-number.ts';
import { lifetime } from '../codec/lifetime.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { requestedTransport } from '../codec/requested-transport.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';
import { at } from '../testing/addresses.ts';
import { ControlWorld } from '../testing/control-world.ts';
import { eventually } from '../testing/eventually.ts';
import { octetsOf, writeChannelData, writeSend } from '../testing/media.ts';
import {
  attribute,
  rawAttribute,
  writeRequest,
  type PendingAttribute,
  type Signing,
} from '../testing/request.ts';
import { createSeededRandom, fuzzSeed } from '../testing/seeded-random.ts';
import { TurnClient } from '../testing/turn-client.ts';
import { UdpEndpoint } from '../testing/udp-endpoint.ts';
import { createTurnServer } from './turn-server.ts';
import type { TurnServer } from './turn-server-options.ts';

const SEED = fuzzSeed(process.env['FUZZ_SEED']);
const random = createSeededRandom(SEED);
const PEER = at('8.8.8.8', 1000);
const REALM = 'callbox.test';
const ALICE = { username: 'alice', password: 'wonderland' };

/** One of each message that clients send, signed or not. */
function corpus(signing: Signing | undefined): readonly Uint8Array[] {
  const transactionId = Uint8Array.from({ length: 12 }, () => random(256));
  const request = (
    method: number,
    attributes: readonly PendingAttribute[] = [],
    fingerprint = false,
  ): Uint8Array => writeRequest({ method, transactionId, attributes, signing, fingerprint });
  return [
    request(METHOD.binding),
    request(TURN_METHOD.allocate, [
      attribute(requestedTransport, 17),
      rawAttribute(0xff05, new Uint8Array(5)),
    ]),
    request(TURN_METHOD.refresh, [attribute(lifetime, 600)], true),
    request(TURN_METHOD.createPermission, [attribute(xorPeerAddress, PEER)]),
    request(TURN_METHOD.channelBind, [attribute(channelNumber, 0x4000), attribute(xorPeerAddress, PEER)]),
    writeSend(PEER, octetsOf('payload')),
    writeChannelData(0x4000, octetsOf('payload')),
  ];
}

function mutate(octets: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(octets);
  switch (random(5)) {
    case 0:
      return copy.subarray(0, random(copy.length + 1));
    case 1:
      return Uint8Array.of(...copy, ...Uint8Array.from({ length: random(40) }, () => random(256)));
    case 2: {
      const cut = random(copy.length);
      return Uint8Array.of(...copy.subarray(0, cut), ...copy.subarray(cut + random(8)));
    }
    case 3:
      // A length field, of the header or of an attribute.
      copy[2 + random(Math.max(1, copy.length >> 2)) * 4 + random(2)] = random(256);
      return copy;
    default:
      for (let count = 1 + random(6); count > 0; count -= 1) copy[random(copy.length)] = random(256);
      return copy;
  }
}

function pick<T>(items: readonly T[]): T {
  const item = items[random(items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

describe(`octets nobody should send (FUZZ_SEED=${SEED})`, () => {
  test('never throw in control, and make no state for those who cannot sign', () => {
    const world = new ControlWorld();
    const stranger = world.client();
    const badly = { ...stranger.user, password: 'wrong', nonce: stranger.nonce };
    const samples = [...corpus(undefined), ...corpus(badly)];
    for (let round = 0; round < 20_000; round += 1) stranger.send(mutate(pick(samples)));
    expect(world.control.allocations.size).toBe(0);
    expect(world.changes).toEqual([]);
  });

  test('never throw in control with any one octet changed, signed or not', () => {
    const world = new ControlWorld();
    const alice = world.client();
    const samples = [...corpus(undefined), ...corpus(alice.signing)];
    for (const sample of samples) {
      for (let index = 0; index < sample.length; index += 1) {
        const copy = Uint8Array.from(sample);
        copy[index] = (copy[index] ?? 0) ^ (1 + random(255));
        alice.send(copy);
      }
    }
    expect(world.control.allocations.size).toBe(0);
    expect(alice.allocate().code).toBe(0);
  });
});

describe(`octets nobody should send, to a whole server (FUZZ_SEED=${SEED})`, () => {
  let server: TurnServer;

  beforeAll(async () => {
    server = createTurnServer({
      realm: REALM,
      users: new Map([['alice', 'wonderland']]),
      listeners: [{ transport: 'udp', address: '127.0.0.1', port: 0 }],
      relayAddresses: [{ local: '127.0.0.3', advertised: '203.0.113.9' }],
      relayPorts: { min: 22_050, max: 22_099 },
    });
    await server.start();
  });

  afterAll(async () => {
    await server.stop();
  });

  test('over UDP are counted and forgotten, and the next client is served', async () => {
    const port = server.listeners()[0]?.port ?? 0;
    const target = at('127.0.0.1', port);
    const stranger = await UdpEndpoint.open('127.0.0.1');
    const samples = corpus(undefined);
    const total = (): number =>
      Object.entries(server.counters())
        .filter(([name]) => /^(dropped|success|error)_/u.test(name))
        .reduce((sum, [, count]) => sum + count, 0);
    for (let batch = 1; batch <= 30; batch += 1) {
      const before = total();
      for (let count = 0; count < 100; count += 1) stranger.send(mutate(pick(samples)), target);
      await eventually(() => total() >= before + 100, 'a hundred verdicts');
    }
    expect(server.gauges()).toMatchObject({ allocations: 0, relay_sockets: 0, streams: 0 });
    const alice = await TurnClient.overUdp(target, ALICE);
    expect((await alice.allocate()).family).toBe(4);
    expect((await alice.request(TURN_METHOD.refresh, [attribute(lifetime, 0)])).code).toBe(0);
    await Promise.all([stranger.close(), alice.close()]);
  });

  test('over connections, cut anywhere, end in a closed connection or in silence', () => {
    for (let round = 0; round < 2000; round += 1) {
      const stream = new Duplex({
        read: () => undefined,
        write: (_chunk, _encoding, callback) => {
          callback();
        },
      });
      const remote = { address: `198.51.100.${round % 250}`, port: 1 + round };
      server.acceptStream({ stream, transport: 'tls', remote, local: { address: '127.0.0.1', port: 443 } });
      const samples = corpus(undefined);
      const octets = Uint8Array.from(Array.from({ length: 5 }, () => [...mutate(pick(samples))]).flat());
      let offset = 0;
      while (offset < octets.length && !stream.destroyed) {
        const end = Math.min(octets.length, offset + 1 + random(60));
        stream.emit('data', Buffer.from(octets.subarray(offset, end)));
        offset = end;
      }
      stream.destroy();
    }
    expect(server.gauges().allocations).toBe(0);
  });

  test('leave no connection behind', async () => {
    await eventually(() => server.gauges().streams === 0, 'the end of all connections');
    expect(server.counters()['streams_accepted']).toBe(2000);
  });
});
