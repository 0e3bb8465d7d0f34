import { describe, expect, test } from 'vitest';
import { lifetime } from '../codec/lifetime.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';
import { xorRelayedAddress } from '../codec/xor-relayed-address.ts';
import { at } from '../testing/addresses.ts';
import { ControlWorld, type WorldClient } from '../testing/control-world.ts';
import { attribute } from '../testing/request.ts';
import { handleClientGone } from './client-gone.ts';

const permitOutside = (client: WorldClient): unknown =>
  client.request(TURN_METHOD.createPermission, [attribute(xorPeerAddress, at('8.8.8.8', 1))]).code;

describe('the sweep', () => {
  test('ends an allocation when its time is over, and tells the data plane once', () => {
    const world = new ControlWorld();
    const alice = world.client();
    alice.allocate();
    const relay = alice.allocation?.id;
    world.takeChanges();
    world.pass(599);
    expect(world.takeChanges()).toEqual([]);
    world.pass(1);
    expect(world.takeChanges()).toEqual([{ kind: 'remove-relay', relay }]);
    expect(world.events.at(-1)).toMatchObject({ kind: 'allocation-ended', cause: 'expired' });
    world.pass(1);
    expect(world.takeChanges()).toEqual([]);
  });

  test('lets a port without a socket be taken again at once, and one that had a socket only after a rest', () => {
    const world = new ControlWorld({ relayPorts: { min: 50_000, max: 50_001 } });
    const giveBack = (client: WorldClient): unknown =>
      client.request(TURN_METHOD.refresh, [attribute(lifetime, 0)]).code;
    const [first, second, third] = [1, 2, 3].map((port) =>
      world.client({ remote: at('198.51.100.1', port) }),
    );
    if (first === undefined || second === undefined || third === undefined) throw new Error('three clients');
    const port = first.allocate().get(xorRelayedAddress).port;
    second.allocate();
    expect(giveBack(first)).toBe(0);
    expect(third.allocate().get(xorRelayedAddress).port).toBe(port);

    expect(permitOutside(second)).toBe(0);
    const rested = second.allocation?.ports[0]?.port;
    for (const client of [second, third]) expect(giveBack(client)).toBe(0);
    world.pass(119);
    expect(first.allocate().get(xorRelayedAddress).port).toBe(port);
    expect(giveBack(first)).toBe(0);
    world.pass(1);
    expect(world.control.ports.get(4)?.freePorts(world.now.monotonicMs)).toBe(2);
    expect(
      [first.allocate(), second.allocate()].map((answer) => answer.get(xorRelayedAddress).port),
    ).toContain(rested);
  });
});

describe('a client that is gone', () => {
  test('takes its allocation with it and gives its quota back', () => {
    const world = new ControlWorld({ limits: { allocationsPerAccount: 1 } });
    for (let round = 0; round < 1000; round += 1) {
      const client = world.client({ transport: 'tcp', remote: at('198.51.100.1', 1 + round) });
      expect(client.allocate().code).toBe(0);
      world.note(handleClientGone(world.control, world.now, client.path));
      expect(world.events.at(-1)).toMatchObject({ cause: 'client-gone' });
    }
    expect(world.control.allocations.size).toBe(0);
  });

  test('without an allocation is nothing', () => {
    const world = new ControlWorld();
    expect(handleClientGone(world.control, world.now, world.client().path)).toEqual({
      changes: [],
      events: [],
    });
  });
});
