import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createFakeCheckBrowser,
  type FakeCheckBrowser,
  type FakeWay,
} from '../testing/fake-check-browser.ts';
import type { CheckState, CheckWay } from './check-types.ts';
import { createConnectivityCheck } from './create-connectivity-check.ts';
import { listCheckTargets } from './list-check-targets.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const stun = 'stun:calls.example:3478';
const udp = 'turn:calls.example:3478?transport=udp';
const tcp = 'turn:calls.example:443?transport=tcp';
const tls = 'turns:calls.example:443?transport=tcp';
const good: FakeWay = { candidate: 'relay' };
const grant = {
  iceServers: [{ urls: [udp, tcp, tls], username: 'u', credential: 'c' }],
  lifetimeSeconds: 600,
};

interface World {
  readonly ways?: Readonly<Record<string, FakeWay>>;
  readonly socketSays?: string | undefined;
  readonly respond?: (url: string) => Response;
  readonly iceServers?: readonly object[];
}

const asked: string[] = [];

function worldOf(world: World): FakeCheckBrowser {
  asked.length = 0;
  return createFakeCheckBrowser({
    ways: { [stun]: { candidate: 'srflx' }, [udp]: good, [tcp]: good, [tls]: good, ...world.ways },
    socketSays: 'socketSays' in world ? world.socketSays : '0{"sid":"x"}',
    respond: (url) => {
      asked.push(url);
      return (
        world.respond?.(url) ??
        Response.json({
          ...grant,
          ...(world.iceServers === undefined ? {} : { iceServers: world.iceServers }),
        })
      );
    },
  });
}

async function run(world: World = {}): Promise<Readonly<Record<CheckWay, CheckState>>> {
  const browser = worldOf(world);
  const check = createConnectivityCheck({ signalingUrl: 'https://calls.example/below/', browser });
  const running = check.run();
  await vi.advanceTimersByTimeAsync(60_000);
  await running;
  expect(check.snapshot.state).toBe('done');
  expect(browser.openConnections()).toBe(0);
  return check.snapshot.ways;
}

const kinds = (ways: Readonly<Record<CheckWay, CheckState>>) =>
  Object.fromEntries(Object.entries(ways).map(([way, state]) => [way, state.kind]));

describe('the check of connectivity', () => {
  it('finds every way good where every way is', async () => {
    const ways = await run();
    expect(kinds(ways)).toEqual({
      socket: 'good',
      mapping: 'good',
      'relay-udp': 'good',
      'relay-tcp': 'good',
      'relay-tls': 'good',
      'relay-other': 'absent',
    });
    expect(ways.mapping).toMatchObject({ figures: { mappedAddress: '192.0.2.9' } });
    expect(ways['relay-udp']).toMatchObject({ figures: { lossShare: 0 } });
  });

  it('asks below the path of the server', async () => {
    await run({ socketSays: undefined });
    expect(asked[0]).toBe('https://calls.example/below/signaling/?EIO=4&transport=polling');
    expect(asked).toContain('https://calls.example/below/check/ice-servers');
  });

  it('calls itself by one relay at a time, and by nothing else', async () => {
    const browser = worldOf({});
    const check = createConnectivityCheck({ signalingUrl: 'https://calls.example/', browser });
    const running = check.run();
    await vi.advanceTimersByTimeAsync(60_000);
    await running;
    const relays = browser.configurations.filter(({ iceTransportPolicy }) => iceTransportPolicy === 'relay');
    expect(relays.map(({ iceServers }) => iceServers?.map(({ urls }) => urls))).toEqual(
      [udp, udp, tcp, tcp, tls, tls].map((url) => [url]),
    );
  });

  it.each<[string, FakeWay, object]>([
    [
      'is silent',
      { candidate: 'none', error: { errorCode: 701, errorText: 'timed out' } },
      { kind: 'failed', reason: 'unreachable', detail: '701 timed out' },
    ],
    [
      'is silent without a word of the browser',
      { candidate: 'none' },
      { kind: 'failed', reason: 'unreachable' },
    ],
    ['never ends', { candidate: 'never-ends' }, { kind: 'failed', reason: 'unreachable' }],
    [
      'refuses',
      { candidate: 'none', error: { errorCode: 486, errorText: 'Allocation Quota Reached' } },
      { kind: 'failed', reason: 'refused' },
    ],
    ['grants, and does not connect', { candidate: 'relay', connects: false }, { reason: 'not-connected' }],
    ['connects, and carries nothing', { candidate: 'relay', carriesNothing: true }, { reason: 'no-data' }],
  ])('says that a relay %s, and tries the next', async (_what, way, expected) => {
    const ways = await run({ ways: { [udp]: way } });
    expect(ways['relay-udp']).toMatchObject(expected);
    expect(ways['relay-tcp'].kind).toBe('good');
  });

  it('counts what is lost there and back', async () => {
    const ways = await run({ ways: { [udp]: { candidate: 'relay', losesEvery: 5 } } });
    const state = ways['relay-udp'];
    expect(state.kind === 'good' ? state.figures.lossShare : undefined).toBeCloseTo(0.36, 1);
  });

  it('takes a network without NAT for good: no candidate, and no error', async () => {
    expect((await run({ ways: { [stun]: { candidate: 'none' } } })).mapping.kind).toBe('good');
  });

  it.each<[string, FakeWay]>([
    ['by the browser’s word', { candidate: 'none', error: { errorCode: 701, errorText: '' } }],
    ['by the time it takes', { candidate: 'never-ends' }],
  ])('knows a silent server for one’s own address %s', async (_how, way) => {
    expect((await run({ ways: { [stun]: way } })).mapping).toMatchObject({
      kind: 'failed',
      reason: 'unreachable',
    });
  });

  it('says that requests stand in where WebSocket is blocked', async () => {
    expect((await run({ socketSays: undefined })).socket.kind).toBe('fallback');
  });

  it('says that the server cannot be reached where nothing answers', async () => {
    const ways = await run({
      socketSays: undefined,
      respond: () => {
        throw new TypeError('Failed to fetch');
      },
    });
    expect(ways.socket).toMatchObject({ kind: 'failed', reason: 'unreachable' });
    expect(ways['relay-udp']).toMatchObject({ kind: 'failed', reason: 'unreachable' });
  });

  it('says that it was refused where it has asked too often', async () => {
    const ways = await run({ respond: () => new Response('', { status: 429 }) });
    expect(ways.mapping).toMatchObject({ kind: 'failed', reason: 'refused', detail: 'status 429' });
  });

  it('leaves out what this server does not offer', async () => {
    const ways = await run({ iceServers: [{ urls: [udp], username: 'u', credential: 'c' }] });
    expect([ways['relay-tcp'].kind, ways['relay-tls'].kind]).toEqual(['absent', 'absent']);
  });

  it('tries the relays that stand beside the first, and names the one that fails', async () => {
    const own = { urls: [udp, tcp, tls], username: 'u', credential: 'c' };
    const beside = (host: string) => ({
      urls: [`turn:${host}?transport=udp`],
      username: 'w',
      credential: 'e',
    });
    const iceServers = [own, beside('one.example'), beside('two.example')];
    const one: FakeWay = { candidate: 'relay' };
    const ways = { 'turn:one.example?transport=udp': one, 'turn:two.example?transport=udp': one };
    expect((await run({ iceServers, ways }))['relay-other']).toMatchObject({ kind: 'good' });
    const refused: FakeWay = { candidate: 'none', error: { errorCode: 401, errorText: 'Unauthorized' } };
    const states = await run({ iceServers, ways: { ...ways, 'turn:two.example?transport=udp': refused } });
    expect(states['relay-other']).toEqual({
      kind: 'failed',
      reason: 'refused',
      detail: 'turn:two.example?transport=udp: 401 Unauthorized',
    });
    expect(states['relay-udp'].kind).toBe('good');
  });

  it('can be run again, and ended in the middle', async () => {
    const browser = worldOf({});
    const check = createConnectivityCheck({ signalingUrl: 'https://calls.example/', browser });
    const first = check.run();
    await vi.advanceTimersByTimeAsync(300);
    const second = check.run();
    await vi.advanceTimersByTimeAsync(60_000);
    await Promise.all([first, second]);
    expect(check.snapshot.state).toBe('done');
    const third = check.run();
    await vi.advanceTimersByTimeAsync(300);
    check.close();
    await vi.advanceTimersByTimeAsync(60_000);
    await third;
    expect(check.snapshot.state).toBe('running');
    expect(browser.openConnections()).toBe(0);
  });
});

describe('what is tried', () => {
  it('is the first URL of each kind, and the relay over UDP for one’s own address', () => {
    const credential = { username: 'u', credential: 'c' };
    const targets = listCheckTargets([{ urls: [tls, udp, tcp, 'turn:other.example'], ...credential }]);
    expect(targets).toEqual({
      mapping: [{ urls: stun }],
      'relay-udp': [{ urls: udp, ...credential }],
      'relay-tcp': [{ urls: tcp, ...credential }],
      'relay-tls': [{ urls: tls, ...credential }],
      'relay-other': [],
    });
  });

  it('is each relay besides, by its first URL', () => {
    const own = { urls: [udp, tcp], username: 'u', credential: 'c' };
    const tlsOnly = { urls: [tls], username: 'v', credential: 'd' };
    const other = {
      urls: ['turn:other.example', 'turn:other.example?transport=tcp'],
      username: 'w',
      credential: 'e',
    };
    expect(listCheckTargets([own, tlsOnly, other])).toMatchObject({
      'relay-udp': [{ urls: udp, username: 'u' }],
      'relay-tls': [{ urls: tls, username: 'v' }],
      'relay-other': [{ urls: 'turn:other.example', username: 'w', credential: 'e' }],
    });
  });

  it('is a STUN server where one is named', () => {
    const targets = listCheckTargets([{ urls: ['stun:s.example'] }, { urls: [udp] }]);
    expect(targets).toMatchObject({
      mapping: [{ urls: 'stun:s.example' }],
      'relay-udp': [],
      'relay-other': [],
    });
  });
});
