import { beforeAll, describe, expect } from 'vitest';
import {
  attribute,
  channelNumber,
  METHOD,
  PROTOCOL,
  requestedTransport,
  xorPeerAddress,
  xorRelayedAddress,
} from '../conformance/turn/client/turn-wire.ts';
import { valueOf } from '../conformance/turn/client/reply.ts';
import { transportAddress } from '../conformance/turn/client/transport-address.ts';
import { createTurnClient, type TurnClient } from '../conformance/turn/client/turn-client.ts';
import type { Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { readRelayAccess } from './media/read-relay-access.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import type { Host, Internet } from './networks/internet/create-internet.ts';
import { receive } from './networks/internet/stun-probe.ts';
import { isIsolated } from './networks/isolation.ts';
import type { Program } from './program/start-program.ts';
import { createTestAuthority, type TestAuthority } from './program/test-authority.ts';
import { test, type Stage } from './stage.ts';

const TURN_PORT = 3478;
/** How long silence is waited for. Answers take a few milliseconds here. */
const SILENCE_MS = 500;
/** Twice as many packets as browsers, which check ways that they do not take now and then, send through the relay in a moment. */
const MANY = 100;

let authority: TestAuthority;

beforeAll(async () => {
  authority = await createTestAuthority();
});

/** With the very credentials that a page was given, from where its browser is. */
describe.runIf(isIsolated)('what a guest can do with the relay besides calling', () => {
  test('a guest reaches members of the same room through it, and nobody else', async ({ stage }) => {
    const { internet, program, ana } = await gather(stage, []);
    const client = await becomeTurnClient(internet, ana);
    const [server, stranger] = [internet.host('server'), internet.host('stranger')];

    const refused = {
      'somebody on the internet': stranger.ipv4,
      'an address of the internet that nobody has': '9.9.9.9',
      'a guest of another room': internet.host('cleo').outerIpv4,
      'the home of the guest’s own': internet.host('ana').ipv4,
      'the server’s loopback address': '127.0.0.1',
      'where clouds keep their secrets': '169.254.169.254',
    };
    for (const [who, address] of Object.entries(refused)) {
      expect(await permit(client, address ?? ''), who).toBe('error 403');
      expect(await bind(client, address ?? ''), who).toBe('error 403');
    }
    // To a relay of IPv4, these are of the wrong family, disguises of IPv4 addresses too (RFC 8656 §9.2).
    for (const address of [stranger.ipv6, '::1', '::ffff:127.0.0.1']) {
      expect(await permit(client, address ?? '')).toBe('error 443');
    }
    // Without a permission, nothing arrives either.
    const ear = await stranger.openUdp(stranger.ipv4 ?? '', 0);
    const heard = receive(ear, SILENCE_MS, () => true);
    client.sendIndication(transportAddress(stranger.ipv4 ?? '', ear.address().port), Buffer.from('hello'));
    expect(await heard).toBeNull();
    ear.close();

    // The twin: a member of the same room.
    expect(await permit(client, internet.host('ben').outerIpv4 ?? '')).toBe('success');

    // Relays of this server may always meet; its services are no relays.
    expect(await permit(client, server.ipv4 ?? '')).toBe('success');
    for (const port of [TURN_PORT, program.port, program.signalPort, 22]) {
      const before = await program.figures();
      for (let sent = 0; sent < MANY; sent += 1)
        client.sendIndication(transportAddress(server.ipv4 ?? '', port), Buffer.from('hello'));
      await client.fence();
      const after = await program.figures();
      const grown = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
      expect(grown('packets_to_peers') + grown('packets_joined'), `port ${port}`).toBeLessThan(MANY / 2);
    }
    await client.close();
  });

  test('where the operator lets guests reach the internet, the same packet arrives', async ({ stage }) => {
    const { internet, ana } = await gather(stage, ['--relay-peers', 'public']);
    const client = await becomeTurnClient(internet, ana);
    const stranger = internet.host('stranger');
    expect(await permit(client, stranger.ipv4 ?? '')).toBe('success');
    const ear = await stranger.openUdp(stranger.ipv4 ?? '', 0);
    const heard = receive(ear, SILENCE_MS, () => true);
    client.sendIndication(transportAddress(stranger.ipv4 ?? '', ear.address().port), Buffer.from('hello'));
    expect((await heard)?.toString()).toBe('hello');
    ear.close();
    expect(await permit(client, '127.0.0.1')).toBe('error 403');
    await client.close();
  });
});

interface Gathering {
  readonly internet: Internet;
  readonly program: Program;
  readonly ana: Guest;
}

/** Ana and Ben talk in one room, and Cleo and Dan in another. */
async function gather(stage: Stage, flags: readonly string[]): Promise<Gathering> {
  const internet = await stage.createInternet({
    names: [{ name: 'calls.example', host: 'server' }],
    sites: [
      { hosts: ['server'], translation: 'none' },
      { hosts: ['stranger'], translation: 'none' },
      { hosts: ['ana'], translation: 'symmetric' },
      { hosts: ['ben'], translation: 'symmetric' },
      { hosts: ['cleo', 'dan'], translation: 'port-restricted' },
    ],
  });
  const program = await stage.startProgram({
    host: internet.host('server'),
    certificate: await authority.certify(['calls.example'], []),
    flags,
  });
  const [ana, ben] = await enterRoom(stage, 'one', [internet.host('ana'), internet.host('ben')]);
  await enterRoom(stage, 'two', [internet.host('cleo'), internet.host('dan')]);
  await expectEveryoneSeesAndHears([ana, ben]);
  return { internet, program, ana };
}

async function enterRoom(stage: Stage, room: string, hosts: readonly [Host, Host]): Promise<[Guest, Guest]> {
  const invite = (host: Host) =>
    stage.invite('chromium', host.name, { trustedAuthority: authority.pem, host });
  const [first, second] = await Promise.all([invite(hosts[0]), invite(hosts[1])]);
  for (const guest of [first, second]) await enterCall(guest, `https://calls.example/r/${room}`, guest.label);
  return [first, second];
}

async function becomeTurnClient(internet: Internet, guest: Guest): Promise<TurnClient> {
  const { username, password } = await readRelayAccess(guest);
  const home = internet.host('ana');
  const client = await createTurnClient({
    transport: 'udp',
    host: internet.host('server').ipv4 ?? '',
    port: TURN_PORT,
    socket: await home.openUdp(home.ipv4 ?? '', 0),
    credential: { username, password },
  });
  const reply = await client.request({
    method: METHOD.allocate,
    attributes: [requestedTransport(PROTOCOL.udp)],
  });
  expect(reply.outcome).toBe('success');
  expect(valueOf(reply.message, xorRelayedAddress).port).toBeGreaterThan(1024);
  return client;
}

async function permit(client: TurnClient, address: string): Promise<string> {
  const attributes = [attribute(xorPeerAddress, transportAddress(address, 9999))];
  return (await client.request({ method: METHOD.createPermission, attributes })).outcome;
}

async function bind(client: TurnClient, address: string): Promise<string> {
  const attributes = [channelNumber(0x4001), attribute(xorPeerAddress, transportAddress(address, 9999))];
  return (await client.request({ method: METHOD.channelBind, attributes })).outcome;
}
