import { describe, expect, it } from 'vitest';
import { createDeskScene, tokenOf, type DeskScene, type DeskVisitor } from '../testing/desk-scene.ts';
import { createFakeDisk } from '../testing/model/fake-disk.ts';
import { roomNameOf } from '../testing/room-fixtures.ts';

const ana = tokenOf('ana');
const bo = tokenOf('bo');
const blue = roomNameOf('blue');
const ok = expect.objectContaining({ ok: true });
const refusedResume = (reason: string): unknown => ({
  ok: false,
  error: { code: 'resume-refused', reason, message: expect.any(String) },
});
const refused = (code: string): unknown => ({ ok: false, error: expect.objectContaining({ code }) });
const line = (sequence: number): object => ({ sequence, text: `line ${sequence}` });

/** Ana and Bo in the room, each with a seat. */
function pair(): { readonly scene: DeskScene; readonly anaHere: DeskVisitor; readonly boHere: DeskVisitor } {
  const scene = createDeskScene();
  const [anaHere, boHere] = [scene.visitor(), scene.visitor()];
  anaHere.join(ana);
  boHere.join(bo);
  return { scene, anaHere, boHere };
}

const idOf = (answer: unknown): string => (answer as { value: { self: { id: string } } }).value.self.id;

describe('a seat', () => {
  it('is told of in the answer to the join that claims it, and only there', () => {
    const scene = createDeskScene();
    expect(scene.visitor().join(ana)).toMatchObject({
      value: { seat: { requestsUpTo: 0, noticesUpTo: 0, graceSeconds: 15 } },
    });
    expect(scene.visitor().join()).not.toHaveProperty('value.seat');
  });

  it('is kept when the connection ends, and nobody hears of it', () => {
    const { scene, anaHere, boHere } = pair();
    boHere.session.end('left');
    scene.pass(2_900);
    const back = scene.visitor();
    expect(back.resume(bo, 2, 0)).toMatchObject({ ok: true, value: { seat: { requestsUpTo: 0 } } });
    scene.pass(60_000);
    expect(anaHere.names()).toEqual(['participant-joined']);
    expect(scene.store.get(blue).members.size).toBe(2);
  });

  it('has the others told after three seconds, and told again of the return', () => {
    const { scene, anaHere, boHere } = pair();
    boHere.session.end('disconnected');
    scene.pass(3_000);
    scene.pass(3_000);
    const cleo = scene.visitor();
    expect(cleo.join()).toMatchObject({ value: { participants: [{}, { reconnecting: true }] } });
    scene.visitor().resume(bo, 2, 0);
    expect(anaHere.names().slice(1)).toEqual([
      'participant-reconnecting',
      'participant-joined',
      'participant-returned',
    ]);
    expect(cleo.names()).toEqual(['participant-returned']);
  });

  it('is given up after the grace, counted from the last sign of life', () => {
    const { scene, anaHere, boHere } = pair();
    boHere.session.end('disconnected', 8_000);
    scene.pass(6_900);
    expect(anaHere.names()).not.toContain('participant-left');
    scene.pass(100);
    expect(anaHere.heard.at(-1)?.notice).toMatchObject({
      name: 'participant-left',
      body: { reason: 'disconnected' },
    });
    expect(scene.visitor().resume(bo, 2, 0)).toEqual(refusedResume('gone'));
  });

  it('is left at once by who says so, on the connection or in the last word of a page', () => {
    const { scene, anaHere, boHere } = pair();
    expect(boHere.ask('room-leave', {})).toEqual({ ok: true, value: {} });
    expect(anaHere.names().at(-1)).toBe('participant-left');
    scene.desk.leaveByToken('Blue', tokenOf('nobody'));
    scene.desk.leaveByToken('../', ana);
    expect(scene.store.get(blue).members.size).toBe(1);
    scene.desk.leaveByToken('Blue', ana);
    expect(scene.store.counts()).toEqual({ rooms: 0, participants: 0 });
    expect(anaHere.ask('chat-send', line(1))).toEqual(refused('not-in-room'));
  });

  it('goes to the later connection while the one before looks alive, which is told and closed', () => {
    const { scene, anaHere, boHere } = pair();
    const later = scene.visitor();
    expect(later.resume(bo, 2, 0)).toEqual(ok);
    expect(boHere.names()).toEqual(['seat-taken']);
    expect(boHere.isClosed()).toBe(true);
    expect(boHere.ask('chat-send', line(1))).toEqual(refused('not-in-room'));
    boHere.session.end('disconnected');
    scene.pass(60_000);
    expect(later.ask('chat-send', line(1))).toEqual(ok);
    expect(anaHere.names()).toEqual(['participant-joined', 'chat']);
  });

  it('is not taken by an older claim, nor by the same again', () => {
    const { scene, boHere } = pair();
    for (const connection of [1, 2]) {
      boHere.session.end('disconnected');
      expect(scene.visitor().resume(bo, 3, 0)).toEqual(connection === 1 ? ok : refusedResume('outdated'));
      expect(scene.visitor().resume(bo, connection, 0)).toEqual(refusedResume('outdated'));
    }
    expect(scene.visitor().join(bo)).toEqual(refusedResume('outdated'));
  });

  it('is the same when a join is sent again because its answer was lost, with what others sent meanwhile', () => {
    const { scene, anaHere, boHere } = pair();
    const boId = [...scene.store.get(blue).members.keys()][1] ?? '';
    const message = { kind: 'rebuild', generation: 7 };
    anaHere.ask('peer-message-send', { to: boId, message });
    anaHere.ask('chat-send', line(1));
    boHere.session.end('disconnected');
    const again = scene.visitor();
    const answer = again.join(bo, { seat: { token: bo, connection: 2 }, displayName: 'Bo' });
    expect(idOf(answer)).toBe(boId);
    expect(answer).toMatchObject({ value: { self: { displayName: 'Bo' }, chat: [line(1)] } });
    expect(again.heard.map(({ notice }) => notice)).toMatchObject([
      { name: 'peer-message', body: { message } },
    ]);
    expect(anaHere.names()).toEqual(['participant-joined', 'participant-updated']);
    expect(scene.store.get(blue).members.size).toBe(2);
  });

  it('of an earlier stay goes to the new one that names it, though it looks connected', () => {
    const { scene, anaHere, boHere } = pair();
    const copy = scene.visitor();
    expect(copy.join(tokenOf('copy'))).toEqual(ok);
    expect(scene.store.get(blue).members.size).toBe(3);
    // The room is full but for the seat that is left.
    const reopened = scene.visitor();
    expect(reopened.join(tokenOf('bo again'), { replaces: bo })).toEqual(ok);
    expect(anaHere.names().slice(-2)).toEqual(['participant-left', 'participant-joined']);
    expect(scene.store.get(blue).members.size).toBe(3);
    expect([boHere.names().at(-1), boHere.isClosed()]).toEqual(['seat-taken', true]);
    boHere.session.end('disconnected');
    scene.pass(60_000);
    expect(scene.store.get(blue).members.size).toBe(3);
  });

  it('tells the program of each connection, so that it knows where its owner is', () => {
    const { scene, boHere } = pair();
    boHere.session.end('disconnected');
    scene.visitor().resume(bo, 2, 0);
    scene.visitor().resume(bo, 3, 0);
    scene.desk.leaveByToken('blue', bo);
    expect(scene.presence.slice(2).map(({ kind }) => kind)).toEqual([
      'away',
      'entered',
      'away',
      'entered',
      'left',
    ]);
  });
});

describe('the streams of a seat', () => {
  it('have each numbered request carried out once, and answered by a notice in the stream', () => {
    const { scene, anaHere, boHere } = pair();
    const numbered = (number: number): object => ({ numbering: { number } });
    expect(boHere.ask('chat-send', line(1), numbered(1))).toBeNull();
    expect(boHere.ask('chat-send', line(1), numbered(1))).toBeNull();
    expect(boHere.ask('chat-send', { sequence: 0, text: '' }, numbered(2))).toBeNull();
    expect(boHere.ask('ice-renew', {}, numbered(3))).toBeNull();
    expect(boHere.ask('participant-update', {}, numbered(4))).toBeNull();
    expect(boHere.ask('chat-send', line(2), numbered(6))).toEqual(refused('bad-request'));
    expect(boHere.heard.map(({ notice, number }) => [number, notice.body])).toEqual([
      [1, { request: 1, answer: { ok: true, value: expect.objectContaining(line(1)) } }],
      [2, { request: 2, answer: refused('bad-request') }],
      [3, { request: 3, answer: refused('bad-request') }],
      [4, { request: 4, answer: ok }],
    ]);
    expect(anaHere.names()).toEqual(['participant-joined', 'chat']);
    expect(scene.store.get(blue).chat).toHaveLength(1);
  });

  it('count a request that is refused for its sender, such as one who sends too much', () => {
    const { boHere } = pair();
    const refusal = { code: 'rate-limited', message: 'slower' } as const;
    boHere.ask('chat-send', line(1), { numbering: { number: 1 }, refusal });
    boHere.ask('chat-send', line(2), { numbering: { number: 2 } });
    expect(boHere.heard.map(({ notice }) => notice.body)).toMatchObject([
      { request: 1, answer: { error: { code: 'rate-limited' } } },
      { request: 2, answer: { ok: true } },
    ]);
  });

  it('bring after a resume what was missed, in order and nothing else', () => {
    const { scene, anaHere, boHere } = pair();
    anaHere.ask('chat-send', line(1));
    boHere.ask('chat-send', line(1), { numbering: { number: 1 } });
    boHere.session.end('disconnected');
    anaHere.ask('chat-send', line(2));
    const back = scene.visitor();
    // The chat line had arrived, the answer had not.
    expect(back.resume(bo, 2, 1)).toMatchObject({ value: { seat: { requestsUpTo: 1, noticesUpTo: 1 } } });
    anaHere.ask('chat-send', line(3));
    expect(back.heard.map(({ number, notice }) => [number, notice.name])).toEqual([
      [2, 'answer'],
      [3, 'chat'],
      [4, 'chat'],
    ]);
  });

  it('are resumed only from a notice that was sent, and is not forgotten', () => {
    const { scene, anaHere, boHere } = pair();
    for (let sequence = 1; sequence <= 40; sequence += 1) anaHere.ask('chat-send', line(sequence));
    boHere.ask('probe', { receivedUpTo: 35 });
    boHere.session.end('disconnected');
    const outcome = (receivedUpTo: number, connection: number): unknown =>
      scene.visitor().resume(bo, connection, receivedUpTo);
    expect(outcome(41, 2)).toEqual(refusedResume('out-of-step'));
    expect(outcome(34, 2)).toEqual(refusedResume('out-of-step'));
    expect(outcome(35, 2)).toEqual(ok);
    expect(outcome(40, 3)).toEqual(ok);
  });

  it('are thrown away when they grow beyond measure, which only one who missed them notices', () => {
    const { scene, anaHere, boHere } = pair();
    for (let sequence = 1; sequence <= 1_005; sequence += 1) anaHere.ask('chat-send', line(sequence));
    expect(boHere.names().filter((name) => name === 'chat')).toHaveLength(1_005);
    boHere.session.end('disconnected');
    expect(scene.visitor().resume(bo, 2, 900)).toEqual(refusedResume('missed-too-much'));
    const back = scene.visitor();
    expect(back.resume(bo, 2, 1_003)).toEqual(ok);
    expect(back.heard.map(({ number }) => number)).toEqual([1_004, 1_005]);
  });
});

describe('a server that is started anew', () => {
  it('has everybody who has a seat, and nobody else', () => {
    const disk = createFakeDisk();
    const before = createDeskScene(disk.open());
    const [anaHere, plain] = [before.visitor(), before.visitor()];
    anaHere.join(ana);
    plain.join();
    disk.write(100);
    const after = createDeskScene(disk.open(), 2_000_000);
    expect(after.store.counts()).toEqual({ rooms: 1, participants: 1 });
    disk.write(100);
    const back = after.visitor();
    back.resume(ana, 2, 1);
    disk.write(100);
    expect(back.names()).toEqual(['participant-left']);
  });

  it('gives up after the grace whoever does not come, and then has nothing written down', () => {
    const disk = createFakeDisk();
    createDeskScene(disk.open()).visitor().join(ana);
    disk.write(100);
    const after = createDeskScene(disk.open(), 2_000_000);
    after.pass(14_900);
    expect(after.store.counts().participants).toBe(1);
    after.pass(100);
    disk.write(100);
    expect(disk.open().rooms.size).toBe(0);
  });

  it('knows no seat whose room is not written down, and names the room that begins by another id', () => {
    const first = createDeskScene().visitor().join(ana);
    const after = createDeskScene(null, 2_000_000);
    expect(after.visitor().resume(ana, 2, 0)).toEqual(refusedResume('unknown'));
    const again = after.visitor().join(tokenOf('ana again'));
    const roomId = (answer: unknown): unknown => (answer as { value: { roomId: string } }).value.roomId;
    expect(roomId(again)).not.toBe(roomId(first));
  });

  it.each([
    ['what is no line of ours', ['nonsense']],
    ['a state of another version', ['{"journal":0}']],
    ['nothing', []],
  ])('starts a room afresh of which it finds %s', (_what, lines) => {
    const disk = createFakeDisk();
    disk.open().replace('blue', lines);
    disk.write(1);
    expect(createDeskScene(disk.open()).store.counts().rooms).toBe(0);
    disk.write(1);
    expect(disk.open().rooms.size).toBe(0);
  });

  it('tells nobody what is not yet written, and everybody in order once it is', () => {
    const disk = createFakeDisk();
    const scene = createDeskScene(disk.open());
    const [anaHere, boHere] = [scene.visitor(), scene.visitor()];
    expect(anaHere.join(ana)).toBeNull();
    boHere.join(bo);
    boHere.ask('chat-send', line(1), { numbering: { number: 1 } });
    expect([...anaHere.heard, ...boHere.heard]).toEqual([]);
    expect(anaHere.ask('probe', {})).toEqual({ ok: true, value: {} });
    disk.write(100);
    expect(anaHere.names()).toEqual(['participant-joined', 'chat']);
    expect(boHere.names()).toEqual(['answer']);
  });

  it('keeps a lock and a removal: neither who comes first nor who comes back is let in', () => {
    const disk = createFakeDisk();
    const before = createDeskScene(disk.open());
    before.visitor().join(ana);
    before.visitor().join(bo);
    const boId = [...before.store.get(blue).members.keys()][1];
    if (boId === undefined) throw new Error('Bo is not there');
    before.store.record(blue, { kind: 'participant-removed', id: boId });
    before.store.record(blue, { kind: 'room-locked', isLocked: true });
    disk.write(100);
    const after = createDeskScene(disk.open(), 2_000_000);
    disk.write(100);
    const answerTo = (ask: (visitor: DeskVisitor) => void): unknown => {
      const answers: unknown[] = [];
      const visitor = after.visitor();
      const { session } = visitor;
      ask({
        ...visitor,
        ask: (name, body) => {
          session.request(name, body, (answer) => void answers.push(answer));
          return null;
        },
      });
      disk.write(100);
      return answers[0];
    };
    const join =
      (token: string, more: object = {}) =>
      (visitor: DeskVisitor): void => {
        const request = {
          room: 'blue',
          displayName: '',
          media: { audio: false, video: false, screen: false },
        };
        visitor.ask('room-join', { ...request, seat: { token, connection: 2 }, ...more });
      };
    const resume =
      (token: string, receivedUpTo: number) =>
      (visitor: DeskVisitor): void => {
        visitor.ask('room-resume', { room: 'blue', seat: { token, connection: 2 }, receivedUpTo });
      };
    expect(answerTo(resume(bo, 0))).toEqual(refusedResume('removed'));
    expect(answerTo(join(bo))).toEqual(refused('removed'));
    expect(answerTo(join(tokenOf('bo anew'), { replaces: bo }))).toEqual(refused('removed'));
    expect(answerTo(join(tokenOf('stranger')))).toEqual(refused('room-locked'));
    expect(answerTo(resume(ana, 1))).toEqual(ok);
    expect(after.store.counts().participants).toBe(1);
  });
});
