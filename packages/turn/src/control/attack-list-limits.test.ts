import { describe, expect, test } from 'vitest';
import { channelNumber } from '../codec/channel-number.ts';
import { evenPort } from '../codec/even-port.ts';
import { lifetime } from '../codec/lifetime.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { reservationToken } from '../codec/reservation-token.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';
import { xorRelayedAddress } from '../codec/xor-relayed-address.ts';
import { at } from '../testing/addresses.ts';
import { ControlWorld, type WorldClient, type WorldOptions } from '../testing/control-world.ts';
import { refusal } from '../testing/refusal.ts';
import { attribute } from '../testing/request.ts';
import type { Response } from '../testing/response.ts';

/** The entries F and L of the list of attacks that control decides; see conformance/attack-list. */

interface Stage {
  readonly world: ControlWorld;
  readonly clients: readonly WorldClient[];
}

/** Alice has an allocation at each of these ports; every other one is Bob's where it is said so. */
function crowd(count: number, options: WorldOptions, andBob = false): Stage {
  const world = new ControlWorld(options);
  const clients = Array.from({ length: count }, (_, index) => {
    const user = andBob && index % 2 === 1 ? { username: 'bob', password: 'builder' } : {};
    return world.client({ remote: at('198.51.100.1', 40_000 + index), ...user });
  });
  for (const client of clients) expect(client.allocate().code).toBe(0);
  return { world, clients };
}

function giveBack(client: WorldClient | undefined): void {
  expect(client?.request(TURN_METHOD.refresh, [attribute(lifetime, 0)]).code).toBe(0);
}

function comeFresh({ world }: Stage, host = '198.51.100.77'): Response {
  return world.client({ remote: at(host, 50_000) }).allocate();
}

function permit(client: WorldClient | undefined, host: string): Response {
  if (client === undefined) throw new Error('no client');
  return client.request(TURN_METHOD.createPermission, [attribute(xorPeerAddress, at(host, 1))]);
}

function bind(client: WorldClient | undefined, number: number, host: string): Response {
  if (client === undefined) throw new Error('no client');
  return client.request(TURN_METHOD.channelBind, [
    attribute(channelNumber, number),
    attribute(xorPeerAddress, at(host, 1)),
  ]);
}

function mustSucceed(response: Response): void {
  expect(response.code).toBe(0);
}

/** One more than fits, and the same when somebody has gone. */
function overflow(limits: {
  readonly code: number;
  readonly stage: () => Stage;
  /** Where the next one comes from. */
  readonly source?: string;
}): Parameters<typeof refusal<Stage>>[2] {
  return {
    expect: limits.code,
    faults: ['full'],
    twin: 'one has gone',
    stage: limits.stage,
    send: (stage, variant) => {
      if (variant === 'one has gone') giveBack(stage.clients[0]);
      return comeFresh(stage, limits.source);
    },
  };
}

describe('the attack list: limits', () => {
  refusal(
    'F6',
    'one allocation more than a user may have',
    overflow({ code: 486, stage: () => crowd(3, { limits: { allocationsPerAccount: 3 } }) }),
  );

  refusal(
    'F7',
    'one allocation more than there may be in all',
    overflow({ code: 486, stage: () => crowd(4, { limits: { allocationsTotal: 4 } }, true) }),
  );

  refusal('F8', 'one allocation more than there are ports', {
    expect: 508,
    faults: ['all live'],
    twin: 'all have expired',
    stage: () => crowd(4, { relayPorts: { min: 50_000, max: 50_003 } }),
    send: (stage, variant) => {
      if (variant === 'all have expired') stage.world.pass(601);
      return comeFresh(stage);
    },
  });

  test('F8 after an exhaustion every port can be had again', () => {
    const stage = crowd(4, { relayPorts: { min: 50_000, max: 50_003 } });
    expect(comeFresh(stage).code).toBe(508);
    stage.world.pass(601);
    const codes = stage.clients.map((client) => {
      client.forgetNonce();
      return client.allocate().code;
    });
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(comeFresh(stage).code).toBe(508);
  });

  test('F8 nobody uses the ports up by making allocations and giving them back', () => {
    const stage = crowd(1, { relayPorts: { min: 50_000, max: 50_003 } });
    const [churner] = stage.clients;
    for (let round = 0; round < 20; round += 1) {
      expect(permit(churner, '8.8.8.8').code).toBe(0);
      giveBack(churner);
      expect(churner?.allocate().code).toBe(0);
    }
    expect(comeFresh(stage).code).toBe(0);
  });

  refusal(
    'F6',
    'one allocation more than a source may have, whoever its users are',
    overflow({
      code: 486,
      stage: () => crowd(3, { limits: { allocationsPerSource: 3 } }, true),
      source: '198.51.100.1',
    }),
  );

  refusal('F9', 'Allocate that wants a port to be kept', {
    expect: 508,
    faults: ['EVEN-PORT with R', 'RESERVATION-TOKEN'],
    twin: 'EVEN-PORT without R',
    stage: () => crowd(0, {}),
    send: ({ world }, variant) => {
      const wishes: Readonly<Record<string, ReturnType<typeof attribute>>> = {
        'EVEN-PORT with R': attribute(evenPort, { reserveNext: true }),
        RESERVATION_TOKEN: attribute(reservationToken, new Uint8Array(8)),
      };
      const wish = wishes[variant.replace('-TOKEN', '_TOKEN')] ?? attribute(evenPort, { reserveNext: false });
      return world.client().allocate([wish]);
    },
  });

  test('F9 EVEN-PORT again and again gives even ports and leaks none', () => {
    const { world } = crowd(0, { relayPorts: { min: 50_000, max: 50_003 } });
    for (let round = 0; round < 50; round += 1) {
      const client = world.client({ remote: at('198.51.100.2', 40_000) });
      const response = client.allocate([attribute(evenPort, { reserveNext: false })]);
      expect(response.get(xorRelayedAddress).port % 2).toBe(0);
      giveBack(client);
    }
    const codes = [1, 2, 3, 4, 5].map(
      (port) => world.client({ remote: at('198.51.100.3', port) }).allocate().code,
    );
    expect(codes).toEqual([0, 0, 0, 0, 508]);
  });

  refusal('F10', 'one permission more than an allocation may have, for', {
    expect: 508,
    faults: ['8.8.8.103'],
    twin: '8.8.8.101',
    stage: () => {
      const stage = crowd(1, { limits: { permissionsPerAllocation: 2 } });
      for (const host of ['8.8.8.101', '8.8.8.102']) mustSucceed(permit(stage.clients[0], host));
      return stage;
    },
    send: ({ clients }, host) => permit(clients[0], host),
  });

  refusal('F10', 'one channel more than an allocation may have, for', {
    expect: 508,
    faults: ['8.8.8.103'],
    twin: '8.8.8.101',
    stage: () => {
      const stage = crowd(1, { limits: { channelsPerAllocation: 2 } });
      mustSucceed(bind(stage.clients[0], 0x4001, '8.8.8.101'));
      mustSucceed(bind(stage.clients[0], 0x4002, '8.8.8.102'));
      return stage;
    },
    send: ({ clients }, host) => bind(clients[0], 0x4000 + Number(host.slice(-1)), host),
  });

  test('B12 a call of many candidates has room: a hundred peers fit by default', () => {
    const [alice] = crowd(1, { limits: { permissionsPerAllocation: 128 } }).clients;
    const codes = Array.from({ length: 100 }, (_, index) => permit(alice, `8.8.8.${index}`).code);
    expect(codes.every((code) => code === 0)).toBe(true);
  });

  test('F16 closing the connection and coming again a thousand times never makes more than the quota', () => {
    const world = new ControlWorld({
      limits: { allocationsPerAccount: 2 },
      relayPorts: { min: 50_000, max: 50_009 },
    });
    for (let round = 0; round < 1000; round += 1) {
      const client = world.client({ transport: 'tcp', remote: at('198.51.100.1', 1024 + round) });
      expect(client.allocate().code).toBe(0);
      expect(world.control.allocations.size).toBeLessThanOrEqual(2);
      world.closeConnection(client);
    }
    expect(world.control.allocations.size).toBe(0);
  });

  test.each([2 ** 32 - 1, 3601])('F17 a lifetime of %i s that is asked for becomes an hour', (asked) => {
    const client = new ControlWorld().client();
    expect(client.allocate([attribute(lifetime, asked)]).get(lifetime)).toBe(3600);
    expect(client.request(TURN_METHOD.refresh, [attribute(lifetime, asked)]).get(lifetime)).toBe(3600);
  });

  test('F17 a lifetime within the limit is granted as asked', () => {
    const client = new ControlWorld().client();
    expect(client.allocate([attribute(lifetime, 1800)]).get(lifetime)).toBe(1800);
  });
});

describe('the attack list: isolation', () => {
  refusal('L4', 'ChannelBind of the number of an expired channel, to', {
    expect: 400,
    faults: ['9.9.9.9'],
    twin: '8.8.8.8',
    stage: () => {
      const stage = crowd(1, { lifetimes: { defaultAllocationSeconds: 3600 } });
      mustSucceed(bind(stage.clients[0], 0x4000, '8.8.8.8'));
      stage.world.pass(601);
      stage.clients[0]?.forgetNonce();
      return stage;
    },
    send: ({ clients }, host) => bind(clients[0], 0x4000, host),
  });

  test('L4 five minutes later the number is free for anybody', () => {
    const { world, clients } = crowd(1, { lifetimes: { defaultAllocationSeconds: 3600 } });
    expect(bind(clients[0], 0x4000, '8.8.8.8').code).toBe(0);
    world.pass(600);
    world.pass(301);
    clients[0]?.forgetNonce();
    expect(bind(clients[0], 0x4000, '9.9.9.9').code).toBe(0);
  });
});
