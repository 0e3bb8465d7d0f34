import { expect, test } from 'vitest';
import { channelNumber } from '../codec/channel-number.ts';
import { requestedAddressFamily } from '../codec/requested-address-family.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';
import { at } from '../testing/addresses.ts';
import { ControlWorld } from '../testing/control-world.ts';
import { attribute } from '../testing/request.ts';
import { tally } from './tally.ts';

const PEER = attribute(xorPeerAddress, at('8.8.8.8', 1));

test('counts what lives and what is left, and sees it go', () => {
  const world = new ControlWorld({ relayPorts: { min: 50_000, max: 50_009 } });
  const count = (): unknown => tally(world.control, world.now.monotonicMs);
  const nothing = { allocations: 0, allocationsBy: { udp: 0, tcp: 0, tls: 0 }, permissions: 0, channels: 0 };
  expect(count()).toEqual({ ...nothing, freePorts: 10 });

  const [first, second] = [world.client(), world.client({ remote: at('198.51.100.1', 2), transport: 'tls' })];
  first.allocate();
  second.allocate([attribute(requestedAddressFamily, 6)]);
  first.request(TURN_METHOD.createPermission, [PEER]);
  first.request(TURN_METHOD.channelBind, [attribute(channelNumber, 0x4000), PEER]);
  expect(count()).toEqual({
    allocations: 2,
    allocationsBy: { udp: 1, tcp: 0, tls: 1 },
    permissions: 1,
    channels: 1,
    freePorts: 9,
  });

  world.pass(600);
  expect(count()).toEqual({ ...nothing, freePorts: 9 });
  world.pass(120);
  expect(count()).toEqual({ ...nothing, freePorts: 10 });
});

test('finds no ports where there is no address for them', () => {
  expect(tally(new ControlWorld({ relayAddresses: [] }).control, 0).freePorts).toBe(0);
});
