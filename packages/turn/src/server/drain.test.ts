import { afterEach, describe, expect, test } from 'vitest';
import { lifetime } from '../codec/lifetime.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { at } from '../testing/addresses.ts';
import { octetsOf } from '../testing/media.ts';
import { attribute } from '../testing/request.ts';
import { BOB, PEER_HOST, ServerWorld } from '../testing/server-world.ts';

const world = new ServerWorld();

afterEach(() => world.end());

describe('a server that drains', () => {
  test('refuses new allocations, lets calls go on, and is done when the last one ends', async () => {
    const server = await world.start();
    const client = await world.overUdp(server);
    await client.allocate();
    expect(server.gauges().is_draining).toBe(0);
    let isDrained = false;
    const drained = server.drain().finally(() => {
      isDrained = true;
    });

    await expect((await world.overUdp(server, BOB)).allocate()).rejects.toThrow('508');
    expect(server.gauges().is_draining).toBe(1);
    expect(server.counters()['refused_draining']).toBe(1);
    const peer = await world.peer();
    expect(await client.permit(at(PEER_HOST, 1))).toBe(0);
    expect(await client.bind(0x4000, peer.address)).toBe(0);
    client.sendOn(0x4000, octetsOf('still here'));
    expect((await peer.next()).octets).toEqual(octetsOf('still here'));
    expect((await client.request(TURN_METHOD.refresh)).code).toBe(0);
    expect(isDrained).toBe(false);

    await client.request(TURN_METHOD.refresh, [attribute(lifetime, 0)]);
    expect(await drained).toBe('empty');
  });

  test('waits no longer than it is told', async () => {
    const server = await world.start();
    const client = await world.overUdp(server);
    await client.allocate();
    expect(await server.drain({ timeoutMs: 20 })).toBe('timed-out');
    expect((await client.request(TURN_METHOD.refresh)).code).toBe(0);
  });

  test('takes new allocations again when it is told to', async () => {
    const server = await world.start();
    void server.drain();
    await expect((await world.overUdp(server)).allocate()).rejects.toThrow('508');
    server.resume();
    expect(server.gauges().is_draining).toBe(0);
    await (await world.overUdp(server)).allocate();
    expect(server.gauges().allocations).toBe(1);
  });

  test('is done at once without allocations, and when it stops', async () => {
    const server = await world.start();
    await (await world.overUdp(server)).allocate();
    const drained = server.drain();
    await server.stop();
    expect(await drained).toBe('empty');
    expect(await server.drain()).toBe('empty');
  });
});
