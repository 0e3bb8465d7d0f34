import { afterEach, describe, expect, it } from 'vitest';
import { startSignaling, type SignalingHarness } from '../testing/signaling-harness.ts';
import type { Approach, Presence } from './signaling-server-options.ts';

let harness: SignalingHarness | null = null;
afterEach(async () => {
  await harness?.stop();
  harness = null;
});

async function startTold(options: Parameters<typeof startSignaling>[0] = {}) {
  const told: Presence[] = [];
  harness = await startSignaling({ onPresence: (presence) => void told.push(presence), ...options });
  return { ...harness, told };
}

describe('presence', () => {
  it('is told when somebody enters, leaves or is lost, with the address the server saw', async () => {
    const { connect, told } = await startTold();
    const [ana, bo] = [await connect(), await connect()];
    const { self: a } = await ana.join('Team Blue');
    const { self: b } = await bo.join('team-blue');
    await ana.ask('room-leave', {});
    bo.socket.disconnect();
    const of = (kind: Presence['kind'], participantId: string): unknown => ({
      kind,
      room: 'team-blue',
      participantId,
      remoteAddress: '127.0.0.1',
    });
    await expect
      .poll(() => told, { timeout: 15_000 })
      .toEqual([of('entered', a.id), of('entered', b.id), of('left', a.id), of('left', b.id)]);
  });

  it('carries the address that the program reads from the request', async () => {
    const readApproach = (): Approach => ({
      remoteAddress: '192.0.2.7',
      host: 'calls.example',
      secure: true,
      isProxied: true,
    });
    const { connect, told } = await startTold({ readApproach });
    await (await connect()).join('blue');
    expect(told.map(({ remoteAddress }) => remoteAddress)).toEqual(['192.0.2.7']);
  });

  it('is not told of one who is refused, nor of one who only looks', async () => {
    const { connect, told } = await startTold({ maxParticipants: 2 });
    for (const _seat of [1, 2]) await (await connect()).join('blue');
    const third = await connect();
    expect(await third.ask('room-join', { room: 'blue', displayName: '', media: noMedia })).toMatchObject({
      ok: false,
    });
    await third.ask('room-peek', { room: 'blue' });
    await third.settle();
    third.socket.disconnect();
    expect(told.map(({ kind }) => kind)).toEqual(['entered', 'entered']);
  });

  it('that the program cannot take harms nobody', async () => {
    const { connect, log } = await startTold({
      onPresence: () => {
        throw new Error('no');
      },
    });
    const ana = await connect();
    expect((await ana.join('blue')).room).toBe('blue');
    expect(log.filter(({ level }) => level === 'error')).toHaveLength(1);
  });
});

const noMedia = { audio: false, video: false, screen: false };
