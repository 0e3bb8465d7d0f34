import { randomBytes } from 'node:crypto';
import { cp, lstat, rm } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { allocate, type Allocation } from '../turn/allocation.ts';
import { attribute, METHOD, xorPeerAddress } from '../turn/client/turn-wire.ts';
import { createProgramWorld, peerAt, serverHost, type StartedProgram } from '../program/running-program.ts';
import { createSignalingClient, media, opened, type SignalingClient } from '../signaling/signaling-client.ts';
import { openByWebSocket } from './old-frames.ts';
import { createOldPage, until, type OldPage } from './old-page.ts';

/** Loopback is refused by default; here it stands for the internet. */
const loopbackIsPublic = ['--allow-peer', '127.0.0.0/8'];
const [anasHost, bosHost, evesHost] = ['127.1.1.1', '127.1.1.2', '127.1.1.3'];

const world = createProgramWorld();
const pages: OldPage[] = [];
const visitors: SignalingClient[] = [];
afterEach(async () => {
  for (const page of pages.splice(0)) page.wire.cut();
  for (const { socket } of visitors.splice(0)) socket.disconnect();
  await world.end();
});

/** An old page on a machine of its own, in a room. */
async function oldPage({ signalPort }: StartedProgram, room: string, host: string): Promise<OldPage> {
  const page = createOldPage(
    await openByWebSocket(`http://${serverHost}:${signalPort}`, { localAddress: host }),
  );
  pages.push(page);
  await page.ask('join', room);
  return page;
}

/** What the page would allocate with, as it was told last. */
async function relayOf(at: StartedProgram, page: OldPage, host: string): Promise<Allocation> {
  const told = page.iceServers().findLast(({ name }) => name === 'turnservers')?.args[0];
  const [{ username, credential }] = told as [{ username: string; credential: string }];
  return allocate(await world.client(at, { username, password: credential }, host));
}

async function reach({ client }: Allocation, host: string): Promise<string> {
  const attributes = [attribute(xorPeerAddress, peerAt(host))];
  return (await client.request({ method: METHOD.createPermission, attributes })).outcome;
}

/** A client of ours that is in no room. */
async function visitorOf({ signalPort }: StartedProgram): Promise<SignalingClient> {
  const visitor = createSignalingClient(`http://${serverHost}:${signalPort}`, {
    auth: { version: 1, upTo: 2 },
  });
  visitors.push(visitor);
  await opened(visitor.socket);
  return visitor;
}

/** Without the operator's socket, which is no file. */
async function copyFiles(from: string, to: string): Promise<void> {
  await cp(from, to, {
    recursive: true,
    filter: async (source) => !(await lstat(source)).isSocket(),
  });
}

describe('an old page at the program', () => {
  test('relays to the people of its room, old and new, who relay to it, and to nobody else', async () => {
    const at = await world.start({ flags: loopbackIsPublic });
    const ana = await oldPage(at, 'blue', anasHost);
    const bo = await world.join(at, 'blue', bosHost);
    await world.join(at, 'green', evesHost);
    const [anasRelay, bosRelay] = [await relayOf(at, ana, anasHost), await bo.allocate()];
    expect([await reach(anasRelay, bosHost), await reach(bosRelay, anasHost)]).toEqual([
      'success',
      'success',
    ]);
    expect([await reach(anasRelay, evesHost), await reach(bosRelay, evesHost)]).toEqual([
      'error 403',
      'error 403',
    ]);
  });

  test('relays nowhere with what it was told before it was in a room', async () => {
    const at = await world.start({ flags: loopbackIsPublic });
    const ana = await oldPage(at, 'blue', anasHost);
    await world.join(at, 'blue', bosHost);
    const first = ana.iceServers().find(({ name }) => name === 'turnservers')?.args[0];
    const [{ username, credential }] = first as [{ username: string; credential: string }];
    const relay = await allocate(await world.client(at, { username, password: credential }, anasHost));
    expect(await reach(relay, bosHost)).toBe('error 403');
  });

  test.for(['in order', 'by force'])(
    'leaves nothing behind in a server that ended %s and starts anew',
    async (how) => {
      const first = await world.start();
      const page = await oldPage(first, 'blue', anasHost);
      // One of ours keeps its seat over the restart: the room is still there, and the old page is not in it.
      const ben = await visitorOf(first);
      const seat = { token: randomBytes(32).toString('base64url'), connection: 1 };
      expect(await ben.ask('room-join', { room: 'blue', displayName: 'Ben', media, seat })).toMatchObject({
        ok: true,
        value: { participants: [{ id: page.id }] },
      });
      const copy = `${first.dataDirectory}-copy`;
      // What is on the disk while it runs is what a server has that was killed.
      if (how === 'by force') await copyFiles(first.dataDirectory, copy);
      await first.program.stop();
      await page.wire.ended;
      const dataDirectory = how === 'by force' ? copy : first.dataDirectory;
      const second = await world.start({ environment: { CALLBOX_DATA_DIR: dataDirectory } });
      const visitor = await visitorOf(second);
      expect(await visitor.ask('room-peek', { room: 'blue' })).toMatchObject({
        value: { displayNames: ['Ben'] },
      });
      const again = await oldPage(second, 'blue', anasHost);
      expect(again.id).not.toBe(page.id);
      const inside = (await again.ask('join', 'blue'))[1] as { clients: object };
      expect(Object.keys(inside.clients)).toHaveLength(1);
      await rm(copy, { recursive: true, force: true });
    },
  );

  test('is not answered where the operator says so, and is told of once where it is refused', async () => {
    const without = await world.start({ flags: ['--no-legacy'] });
    await expect(oldPage(without, 'blue', anasHost)).rejects.toThrow(/404/);
    const at = await world.start();
    const ask = () =>
      fetch(`http://${serverHost}:${at.signalPort}/socket.io/?EIO=3&transport=polling`, {
        headers: { origin: 'https://stranger.example' },
      });
    expect([(await ask()).status, (await ask()).status]).toEqual([403, 403]);
    const told = at.reports.filter((report) => report.includes('--allow-origin https://stranger.example'));
    await until(() => expect(told).toHaveLength(1));
  });

  test('is let in from the origins that the operator names', async () => {
    const at = await world.start({ flags: ['--allow-origin', 'https://pages.example'] });
    const response = await fetch(`http://${serverHost}:${at.signalPort}/socket.io/?EIO=3&transport=polling`, {
      headers: { origin: 'https://pages.example' },
    });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'https://pages.example',
    ]);
  });
});
