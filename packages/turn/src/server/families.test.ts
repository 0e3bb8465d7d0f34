import { formatTransportAddress } from '@callbox/stun';
import { afterEach, describe, expect, test } from 'vitest';
import { additionalAddressFamily } from '../codec/additional-address-family.ts';
import { addressErrorCode } from '../codec/address-error-code.ts';
import { evenPort } from '../codec/even-port.ts';
import { lifetime } from '../codec/lifetime.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { requestedAddressFamily } from '../codec/requested-address-family.ts';
import { requestedTransport, UDP_PROTOCOL } from '../codec/requested-transport.ts';
import { xorRelayedAddress } from '../codec/xor-relayed-address.ts';
import { at } from '../testing/addresses.ts';
import { octetsOf } from '../testing/media.ts';
import { attribute } from '../testing/request.ts';
import { BOB, ServerWorld } from '../testing/server-world.ts';
import { UdpEndpoint } from '../testing/udp-endpoint.ts';
import type { TurnServerOptions } from './turn-server-options.ts';

const world = new ServerWorld();

afterEach(() => world.end());

/** As behind a NAT: the addresses that clients are told are nobody's here. */
const BOTH: Partial<TurnServerOptions> = {
  relayAddresses: [
    { local: '127.0.0.3', advertised: '203.0.113.9' },
    { local: '::1', advertised: '2001:db8::9' },
  ],
  allowPeers: ['127.0.0.0/8', '::1'],
};
const UDP = attribute(requestedTransport, UDP_PROTOCOL);

describe('a server with an address of each family', () => {
  test('gives IPv4 unless asked, each by its public address', async () => {
    const server = await world.start(BOTH);
    const given = await (await world.overUdp(server)).allocate();
    const asked = await (await world.overUdp(server)).allocate([attribute(requestedAddressFamily, 6)]);
    expect([given, asked].map(formatTransportAddress)).toEqual([
      `203.0.113.9:${given.port}`,
      `[2001:db8::9]:${asked.port}`,
    ]);
  });

  test('gives both to one allocation, and takes one back', async () => {
    const server = await world.start(BOTH);
    const client = await world.overUdp(server);
    const response = await client.request(TURN_METHOD.allocate, [UDP, attribute(additionalAddressFamily, 6)]);
    const relayed = response.all(xorRelayedAddress);
    expect(relayed.map(({ family }) => family)).toEqual([4, 6]);
    expect(response.has(addressErrorCode)).toBe(false);
    expect(server.sessions()).toMatchObject([
      { relayed: [{ address: '203.0.113.9' }, { address: '2001:db8::9' }] },
    ]);

    const peer = await world.peer();
    expect(await client.permit(peer.address)).toBe(0);
    client.sendTo(peer.address, octetsOf('hello'));
    expect((await peer.next()).from.port).toBe(relayed[0]?.port);
    expect(await client.permit(at('2606:4700::1111', 1))).toBe(0);
    expect(server.gauges().relay_sockets).toBe(2);

    const giveBack = [attribute(lifetime, 0), attribute(requestedAddressFamily, 6)];
    expect((await client.request(TURN_METHOD.refresh, giveBack)).code).toBe(0);
    expect(await client.permit(at('127.0.0.2', 1))).toBe(0);
    expect(await client.permit(at('2606:4700::1111', 1))).toBe(443);
    expect(server.gauges()).toMatchObject({ allocations: 1, relay_sockets: 1 });
  });

  test('lets two clients meet inside by its public addresses of either family', async () => {
    const server = await world.start(BOTH);
    for (const family of [4, 6] as const) {
      const [alice, bob] = [await world.overUdp(server), await world.overTcp(server, BOB)];
      const wanted = [attribute(requestedAddressFamily, family)];
      const [toAlice, toBob] = [await alice.allocate(wanted), await bob.allocate(wanted)];
      expect([await alice.permit(toBob), await bob.permit(toAlice)]).toEqual([0, 0]);
      alice.sendTo(toBob, octetsOf('hello'));
      expect(await bob.media()).toEqual({ kind: 'data', peer: toAlice, text: 'hello' });
    }
    expect(server.gauges().relay_sockets).toBe(0);
  });
});

describe('a server with IPv4 only', () => {
  test('gives that to who wants both, and says why the other is missing', async () => {
    const server = await world.start();
    const client = await world.overUdp(server);
    const response = await client.request(TURN_METHOD.allocate, [UDP, attribute(additionalAddressFamily, 6)]);
    expect(response.all(xorRelayedAddress).map(({ family }) => family)).toEqual([4]);
    expect(response.get(addressErrorCode)).toEqual({ family: 6, code: 440 });
  });
});

describe('relay ports', () => {
  test('that are used up are 508, and come back; those that had a socket last', async () => {
    const server = await world.start({ relayPorts: { min: 21_400, max: 21_402 } });
    const [first, second, third] = [
      await world.overUdp(server),
      await world.overUdp(server),
      await world.overUdp(server),
    ];
    const even = [attribute(evenPort, { reserveNext: false })];
    const rested = (await first.allocate(even)).port;
    expect(rested % 2).toBe(0);
    expect((await second.allocate(even)).port % 2).toBe(0);
    await expect(third.allocate(even)).rejects.toThrow('508');
    expect((await third.allocate()).port).toBe(21_401);
    expect(server.gauges().relay_ports_free).toBe(0);

    expect(await first.permit(at('127.0.0.2', 1))).toBe(0);
    for (const client of [first, second]) await client.request(TURN_METHOD.refresh, [attribute(lifetime, 0)]);
    expect(server.gauges().relay_ports_free).toBe(1);
    expect((await second.allocate(even)).port).not.toBe(rested);
    expect((await first.allocate()).port).toBe(rested);
    await expect((await world.overUdp(server)).allocate()).rejects.toThrow('508');
    expect(server.counters()).toMatchObject({ refused_no_relay_port: 2, error_508: 2 });
  });

  test('that another program has are 508 when a socket is needed, and good for peers inside', async () => {
    const server = await world.start({ relayPorts: { min: 21_410, max: 21_411 } });
    for (const port of [21_410, 21_411]) world.keep(await UdpEndpoint.open('127.0.0.3', port));
    const [alice, bob] = [await world.overUdp(server), await world.overUdp(server, BOB)];
    const [toAlice, toBob] = [await alice.allocate(), await bob.allocate()];
    expect(await alice.permit(at('127.0.0.2', 1))).toBe(508);
    expect(server.counters()['refused_relay_port_taken']).toBe(1);
    expect([await alice.permit(toBob), await bob.permit(toAlice)]).toEqual([0, 0]);
    alice.sendTo(toBob, octetsOf('hello'));
    expect(await bob.media()).toMatchObject({ text: 'hello' });
  });
});
