import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { formatTransportAddress } from '@callbox/stun';
import { allocate, type Allocation } from '../turn/allocation.ts';
import { timeLimitedCredential, secondsFromNow } from '../turn/client/credential.ts';
import { attribute, channelNumber, METHOD, xorPeerAddress } from '../turn/client/turn-wire.ts';
import { createProgramWorld, peerAt, serverHost, type StartedProgram } from './running-program.ts';

/** Loopback is refused by default; here it stands for the internet, so that who is refused is refused by the rule. */
const loopbackIsPublic = ['--allow-peer', '127.0.0.0/8'];

const anasHost = '127.1.0.1';
const bosHost = '127.1.0.2';
const evesHost = '127.1.0.3';
const nobodysHost = '127.1.0.9';
const publicHost = '1.1.1.1';

const world = createProgramWorld();
afterEach(() => world.end());

let lastChannel = 0x4000;

/** How the relay answers a permission and a channel for this address: the same, always. */
async function reach({ client }: Allocation, host: string): Promise<string> {
  const peer = attribute(xorPeerAddress, peerAt(host));
  const permission = await client.request({ method: METHOD.createPermission, attributes: [peer] });
  lastChannel += 1;
  const channel = await client.request({
    method: METHOD.channelBind,
    attributes: [channelNumber(lastChannel), peer],
  });
  expect(channel.outcome).toBe(permission.outcome);
  return permission.outcome;
}

/** Bo in Ana's room and without a relay, Eve in another. */
async function threeGuests(flags: readonly string[] = loopbackIsPublic) {
  const at = await world.start({ flags });
  const ana = await world.join(at, 'blue', anasHost);
  const bo = await world.join(at, 'blue', bosHost);
  const eve = await world.join(at, 'green', evesHost);
  return { at, ana, bo, eve };
}

describe('a guest', () => {
  test('reaches the members of the room, at whatever port, and packets pass both ways', async () => {
    const { ana } = await threeGuests();
    const bosSocket = await world.peer(bosHost);
    const { permit, relayed, client, nextData } = await ana.allocate();
    await permit(peerAt(bosHost));
    client.sendIndication(bosSocket.address, Buffer.from('to Bo'));
    const { payload, from } = await bosSocket.received.take('a packet', () => true);
    expect(Buffer.from(payload).toString()).toBe('to Bo');
    expect(formatTransportAddress(from)).toBe(formatTransportAddress(relayed));
    bosSocket.send(relayed, Buffer.from('to Ana'));
    expect(Buffer.from((await nextData()).payload).toString()).toBe('to Ana');
  });

  test('reaches nobody of another room, nobody who was never seen, and nothing public', async () => {
    const { at, ana, eve } = await threeGuests();
    const [anasRelay, evesRelay] = [await ana.allocate(), await eve.allocate()];
    expect(await reach(anasRelay, bosHost)).toBe('success');
    for (const host of [evesHost, nobodysHost, publicHost]) {
      expect([host, await reach(anasRelay, host)]).toEqual([host, 'error 403']);
    }
    for (const host of [anasHost, bosHost]) {
      expect([host, await reach(evesRelay, host)]).toEqual([host, 'error 403']);
    }
    // The same requests, with the fault removed.
    const dan = await world.join(at, 'green', nobodysHost);
    expect(await reach(evesRelay, nobodysHost)).toBe('success');
    expect(await reach(await dan.allocate(), evesHost)).toBe('success');
  });

  test('who asks for a member and a stranger at once gets neither', async () => {
    const { ana } = await threeGuests();
    const bosSocket = await world.peer(bosHost);
    const { client, permit } = await ana.allocate();
    const both = [peerAt(bosHost), peerAt(evesHost)].map((peer) => attribute(xorPeerAddress, peer));
    expect((await client.request({ method: METHOD.createPermission, attributes: both })).outcome).toBe(
      'error 403',
    );
    client.sendIndication(bosSocket.address, Buffer.from('too early'));
    await client.fence();
    await permit(peerAt(bosHost));
    client.sendIndication(bosSocket.address, Buffer.from('in time'));
    const { payload } = await bosSocket.received.take('a packet', () => true);
    expect(Buffer.from(payload).toString()).toBe('in time');
  });

  test('sends nothing to a stranger without asking either', async () => {
    const { ana } = await threeGuests();
    const evesSocket = await world.peer(evesHost);
    const bosSocket = await world.peer(bosHost);
    const { client, permit } = await ana.allocate();
    await permit(peerAt(bosHost));
    client.sendIndication(evesSocket.address, Buffer.from('knock'));
    client.sendIndication(bosSocket.address, Buffer.from('after it'));
    await bosSocket.received.take('a packet', () => true);
    evesSocket.send(evesSocket.address, Buffer.from('own'));
    const { payload } = await evesSocket.received.take('a packet', () => true);
    expect(Buffer.from(payload).toString()).toBe('own');
  });

  test('meets whoever is relayed here, member or not, and nothing else at the relay’s address', async () => {
    const { ana, bo, eve } = await threeGuests();
    const [anas, bos, eves] = [await ana.allocate(), await bo.allocate('tcp'), await eve.allocate()];
    for (const other of [bos, eves]) {
      await anas.permit(other.relayed);
      await other.permit(anas.relayed);
      anas.client.sendIndication(other.relayed, Buffer.from('hello'));
      expect(Buffer.from((await other.nextData()).payload).toString()).toBe('hello');
    }
  });

  test('meets others by a public address that a router maps, and is told that one', async () => {
    const flags = ['--public-address', '203.0.113.9', '--public-address', '2001:db8::9'];
    const { at, ana, bo } = await threeGuests(flags);
    const [anas, bos] = [await ana.allocate(), await bo.allocate()];
    expect(formatTransportAddress(anas.relayed)).toMatch(/^203\.0\.113\.9:/);
    for (const host of ['203.0.113.9', serverHost]) {
      expect([host, await reach(anas, host)]).toEqual([host, 'success']);
      expect([host, await reach(bos, host)]).toEqual([host, 'success']);
      anas.client.sendIndication(peerAt(host, bos.relayed.port), Buffer.from(`by ${host}`));
      expect(Buffer.from((await bos.nextData()).payload).toString()).toBe(`by ${host}`);
    }
    // On 127.0.0.1 alone there is nothing that an IPv6 address could stand for.
    expect(at.reports.filter((line) => line.includes('--public-address'))).toHaveLength(1);
  });

  test('cannot take another room by changing the name', async () => {
    const { at, ana, bo, eve } = await threeGuests();
    const tagOf = ({ username }: { readonly username: string }): string =>
      username.replace(/^\d+:(.*)\..*$/, '$1');
    expect(tagOf(ana.credential)).toBe(tagOf(bo.credential));
    expect(tagOf(ana.credential)).not.toBe(tagOf(eve.credential));
    const forged = eve.credential.username.replace(tagOf(eve.credential), tagOf(ana.credential));
    const { password } = eve.credential;
    const client = await world.client(at, { username: forged, password }, evesHost);
    const reply = await client.request({ method: METHOD.allocate, attributes: [] });
    expect(reply.outcome).toBe('error 401');
  });

  test('is known to the wire and to reports by no name of a room', async () => {
    const { at, ana } = await threeGuests();
    await ana.allocate();
    ana.leave();
    const seen = JSON.stringify([ana.credential, at.reports]);
    for (const name of ['blue', createHash('sha256').update('blue').digest('base64url').slice(0, 16)]) {
      expect(seen).not.toContain(name);
    }
  });

  test('reaches no private address, seen or not, unless the operator allows it', async () => {
    const strict = await threeGuests([]);
    expect(await reach(await strict.ana.allocate(), bosHost)).toBe('error 403');
    const open = await threeGuests(['--allow-peer', `${bosHost}/32`]);
    const relay = await open.ana.allocate();
    expect(await reach(relay, bosHost)).toBe('success');
    expect(await reach(relay, evesHost)).toBe('error 403');
  });

  test('reaches a member who comes back under another id, from the moment they are in', async () => {
    const { at, ana, bo } = await threeGuests();
    const relay = await ana.allocate();
    bo.leave();
    await world.join(at, 'blue', nobodysHost);
    expect(await reach(relay, nobodysHost)).toBe('success');
    // He has just been here: what was begun may go on.
    expect(await reach(relay, bosHost)).toBe('success');
  });
});

describe('others than guests', () => {
  test('static users reach everybody public, and nobody private', async () => {
    const at = await world.start({ flags: ['--turn-user', 'alice:wonderland'] });
    const alice = { username: 'alice', password: 'wonderland' };
    const relay = await allocate(await world.client(at, alice, anasHost));
    expect(await reach(relay, publicHost)).toBe('success');
    for (const host of ['10.0.0.1', '169.254.169.254', anasHost]) {
      expect([host, await reach(relay, host)]).toEqual([host, 'error 403']);
    }
  });

  test('credentials that another program has signed reach who is relayed here, and nobody else', async () => {
    const at = await world.start({ flags: ['--turn-secret', 'north', ...loopbackIsPublic] });
    const bo = await world.join(at, 'blue', bosHost);
    const bosRelay = await bo.allocate();
    const foreign = timeLimitedCredential('north', secondsFromNow(600), 'somebody');
    const relay = await allocate(await world.client(at, foreign, anasHost));
    for (const host of [bosHost, anasHost, publicHost]) {
      expect([host, await reach(relay, host)]).toEqual([host, 'error 403']);
    }
    await relay.permit(bosRelay.relayed);
  });

  test('with --relay-peers public guests reach everybody public, and nobody private', async () => {
    const { ana } = await threeGuests(['--relay-peers', 'public']);
    const relay = await ana.allocate();
    expect(await reach(relay, publicHost)).toBe('success');
    for (const host of ['192.168.1.1', bosHost]) {
      expect([host, await reach(relay, host)]).toEqual([host, 'error 403']);
    }
  });
});

describe('a relay of which signaling runs elsewhere', () => {
  async function twoMachines(): Promise<{ readonly relay: StartedProgram; readonly signal: StartedProgram }> {
    const secret = ['--turn-secret', 'north'];
    const relay = await world.start({ flags: ['--roles', 'turn', ...secret, ...loopbackIsPublic] });
    const signal = await world.start({
      flags: ['--roles', 'signaling', ...secret, '--turn-url', `turn:127.0.0.1:${relay.turnPort}`],
    });
    return { relay, signal };
  }

  test.each(['udp', 'tcp'] as const)(
    'knows members by their own allocations, over %s as well',
    async (transport) => {
      const { relay, signal } = await twoMachines();
      const at = async (room: string, host: string) => {
        const guest = await world.join(signal, room, host);
        return async (over: 'udp' | 'tcp') =>
          allocate(await world.client(relay, guest.credential, host, { transport: over }));
      };
      const [ana, bo, eve] = [
        await at('blue', anasHost),
        await at('blue', bosHost),
        await at('green', evesHost),
      ];
      const anas = await ana('udp');
      // In the room, but not seen here yet.
      expect(await reach(anas, bosHost)).toBe('error 403');
      await bo(transport);
      expect(await reach(anas, bosHost)).toBe('success');
      const eves = await eve(transport);
      expect(await reach(anas, evesHost)).toBe('error 403');
      expect(await reach(eves, evesHost)).toBe('success');
      expect(await reach(eves, bosHost)).toBe('error 403');
    },
  );

  test.each(['old', 'new'])(
    'knows rooms by the tags of the %s secret while secrets change',
    async (secret) => {
      const relay = await world.start({
        flags: ['--roles', 'turn', '--turn-secret', 'new', '--turn-secret', 'old', ...loopbackIsPublic],
      });
      const url = `turn:127.0.0.1:${relay.turnPort}`;
      const signal = await world.start({
        flags: ['--roles', 'signaling', '--turn-secret', secret, '--turn-url', url],
      });
      const [ana, bo] = [
        await world.join(signal, 'blue', anasHost),
        await world.join(signal, 'blue', bosHost),
      ];
      const anas = await allocate(await world.client(relay, ana.credential, anasHost));
      expect(await reach(anas, bosHost)).toBe('error 403');
      await allocate(await world.client(relay, bo.credential, bosHost));
      expect(await reach(anas, bosHost)).toBe('success');
    },
  );

  test('takes a nonce that another machine with the same secret has given', async () => {
    const { relay } = await twoMachines();
    const other = await world.start({ flags: ['--roles', 'turn', '--turn-secret', 'north'] });
    const stranger = await world.start({ flags: ['--roles', 'turn', '--turn-secret', 'south'] });
    const credential = timeLimitedCredential('north', secondsFromNow(600));
    const first = await world.client(relay, credential, anasHost);
    const signature = await first.signature();
    const { port } = first.local;
    await first.close();
    const outcomes: string[] = [];
    for (const machine of [other, stranger]) {
      const client = await world.client(machine, credential, anasHost, { localPort: port });
      const reply = await client.request({ method: METHOD.refresh, signature });
      outcomes.push(reply.outcome);
      await client.close();
    }
    // There is no allocation to refresh; what counts is whether the nonce is known.
    expect(outcomes).toEqual(['error 437', 'error 438']);
  });
});
