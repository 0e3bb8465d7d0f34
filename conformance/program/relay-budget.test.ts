import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { allocate } from '../turn/allocation.ts';
import { METHOD, PROTOCOL, requestedTransport } from '../turn/client/turn-wire.ts';
import { createProgramWorld, serverHost, type Guest, type StartedProgram } from './running-program.ts';

const world = createProgramWorld();
afterEach(() => world.end());

const thisMonth = new Date().toISOString().slice(0, 7);

/** How the relay answers somebody who asks for an allocation. */
async function ask(at: StartedProgram, { credential, host }: Guest): Promise<string> {
  const client = await world.client(at, credential, host);
  const attributes = [requestedTransport(PROTOCOL.udp)];
  return (await client.request({ method: METHOD.allocate, attributes })).outcome;
}

describe('a month’s budget', () => {
  test('that an earlier run has used up leaves guests a STUN server, and takes nobody', async () => {
    const flags = ['--turn-user', 'alice:wonderland'];
    const files = { 'relay-budget': `${thisMonth} 2000000\n` };
    const at = await world.start({ flags: [...flags, '--relay-budget', '2MB'], files });
    const guest = await world.join(at, 'blue', '127.1.0.1');
    expect(guest.urls).toEqual([`stun:${serverHost}:${at.turnPort}`]);
    const alice = { ...guest, credential: { username: 'alice', password: 'wonderland' } };
    expect(await ask(at, alice)).toBe('error 508');
    const client = await world.client(at, alice.credential, '127.1.0.1');
    expect((await client.request({ method: METHOD.binding, signature: undefined })).outcome).toBe('success');

    const other = await world.start({ flags: [...flags, '--relay-budget', '2.1MB'], files });
    const relayed = await world.join(other, 'blue', '127.1.0.1');
    expect(relayed.urls[0]).toBe(`turn:${serverHost}:${other.turnPort}?transport=udp`);
    expect(await ask(other, { ...relayed, credential: alice.credential })).toBe('success');
  });

  test('of an earlier month does not count', async () => {
    const files = { 'relay-budget': '2020-01 9000000\n' };
    const at = await world.start({ flags: ['--relay-budget', '2MB'], files });
    expect(await ask(at, await world.join(at, 'blue', '127.1.0.1'))).toBe('success');
  });

  test('that is used up in a call closes the relay to newcomers, and leaves the call alone', async () => {
    const at = await world.start({ flags: ['--relay-budget', '200kB'] });
    const ana = await world.join(at, 'blue', '127.1.0.1');
    const bo = await world.join(at, 'blue', '127.1.0.2');
    const [anas, bos] = [
      await ana.allocate(),
      await allocate(await world.client(at, bo.credential, bo.host)),
    ];
    await anas.permit(bos.relayed);
    await bos.permit(anas.relayed);
    for (let sent = 0; sent < 200; sent += 1) {
      anas.client.sendIndication(bos.relayed, Buffer.alloc(1_100, 7));
      await bos.nextData();
    }
    await expect.poll(() => ask(at, ana), { timeout: 15_000, interval: 500 }).toBe('error 508');
    await expect.poll(() => bo.heard(), { timeout: 15_000 }).toContain('ice-servers');
    const late = await world.join(at, 'blue', '127.1.0.3');
    expect(late.urls).toEqual([`stun:${serverHost}:${at.turnPort}`]);

    bos.client.sendIndication(anas.relayed, Buffer.from('still here'));
    expect(Buffer.from((await anas.nextData()).payload).toString()).toBe('still here');
    expect((await anas.client.request({ method: METHOD.refresh })).outcome).toBe('success');
    await at.program.stop();
    const kept = await readFile(join(at.dataDirectory, 'relay-budget'), 'utf8');
    const [month, octets] = kept.split(' ');
    expect(month).toBe(thisMonth);
    // 200 packets with a header of 28 octets, and the one of Bo.
    expect(Number(octets)).toBe(200 * (1_100 + 28) + 'still here'.length + 28);
  });
});
