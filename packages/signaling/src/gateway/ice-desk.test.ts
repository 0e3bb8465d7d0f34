import { parseRoomName, parseWith, participantIdSchema, type ParticipantId } from '@callbox/contract';
import { describe, expect, it, vi } from 'vitest';
import { createIceDesk } from './ice-desk.ts';
import type { IceRequest } from './signaling-server-options.ts';

function request(name: string): IceRequest {
  const participantId = parseWith(participantIdSchema, name);
  const room = parseRoomName('room');
  if (!participantId.ok || !room.ok) throw new Error('the fixture is wrong');
  const approach = { remoteAddress: '192.0.2.1', host: 'calls.example', secure: true, isProxied: false };
  return { participantId: participantId.value, room: room.value, ...approach };
}

function createFixture() {
  const clock = { nowMs: 0 };
  const delivered: ParticipantId[] = [];
  const issueIceServers = vi.fn(() => ({ iceServers: [], lifetimeSeconds: 100 }));
  const error = vi.fn();
  const desk = createIceDesk({
    issueIceServers,
    deliver: (id) => void delivered.push(id),
    now: () => clock.nowMs,
    logger: { error, warn() {}, info() {}, debug() {} },
  });
  return { clock, delivered, issueIceServers, error, desk };
}

describe('the desk of ICE servers', () => {
  it('replaces them when half of their life is over, and not a moment before, again and again', () => {
    const { clock, delivered, desk } = createFixture();
    desk.issue(request('ana'));
    const deliveries: number[] = [];
    for (clock.nowMs = 0; clock.nowMs <= 150_000; clock.nowMs += 1_000) {
      desk.renewDue();
      if (delivered.splice(0).length > 0) deliveries.push(clock.nowMs);
    }
    expect(deliveries).toEqual([50_000, 100_000, 150_000]);
  });

  it('issues them for the same participant, room and way as the first time', () => {
    const { issueIceServers, desk } = createFixture();
    desk.issue(request('ana'));
    desk.renewAll();
    expect(issueIceServers.mock.calls).toEqual([[request('ana')], [request('ana')]]);
  });

  it('counts from the last time that they were issued, asked for or not', () => {
    const { clock, delivered, desk } = createFixture();
    desk.issue(request('ana'));
    clock.nowMs = 40_000;
    desk.issue(request('ana'));
    clock.nowMs = 89_999;
    desk.renewDue();
    expect(delivered).toEqual([]);
    clock.nowMs = 90_000;
    desk.renewDue();
    expect(delivered).toEqual(['ana']);
  });

  it('knows nothing more of one who has gone', () => {
    const { clock, delivered, desk } = createFixture();
    desk.issue(request('ana'));
    desk.forget(request('ana').participantId);
    clock.nowMs = 1e9;
    desk.renewDue();
    desk.renewAll();
    expect(delivered).toEqual([]);
  });

  it('tries again at the next look what could not be made, and reports it', () => {
    const { clock, delivered, issueIceServers, error, desk } = createFixture();
    desk.issue(request('ana'));
    desk.issue(request('bo'));
    clock.nowMs = 50_000;
    issueIceServers.mockImplementationOnce(() => {
      throw new Error('no');
    });
    desk.renewDue();
    expect(delivered).toEqual(['bo']);
    expect(error).toHaveBeenCalledOnce();
    desk.renewDue();
    expect(delivered).toEqual(['bo', 'ana']);
  });
});
