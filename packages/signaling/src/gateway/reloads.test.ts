import { describe, expect, it } from 'vitest';
import { createDeskScene, tokenOf, type DeskScene, type DeskVisitor } from '../testing/desk-scene.ts';
import { createFakeDisk } from '../testing/model/fake-disk.ts';
import { roomNameOf } from '../testing/room-fixtures.ts';

const ana = tokenOf('ana');
const bo = tokenOf('bo');
/** Of the page that follows Bo's. */
const again = tokenOf('bo again');
const blue = roomNameOf('blue');
const mayReturn = { mayReturn: true };
const ok = expect.objectContaining({ ok: true });
const refused = (code: string): unknown => ({ ok: false, error: expect.objectContaining({ code }) });
const line = (sequence: number): object => ({ sequence, text: `line ${sequence}` });
const idOf = (answer: unknown): string => (answer as { value: { self: { id: string } } }).value.self.id;

interface Pair {
  readonly scene: DeskScene;
  readonly anaHere: DeskVisitor;
  readonly boHere: DeskVisitor;
  readonly boId: string;
}

/** Ana and Bo in the room, each with a seat. */
function pair(): Pair {
  const scene = createDeskScene();
  const [anaHere, boHere] = [scene.visitor(), scene.visitor()];
  anaHere.join(ana);
  return { scene, anaHere, boHere, boId: idOf(boHere.join(bo)) };
}

describe('a page that goes away and may be followed by another', () => {
  it('has its owner leave at once, and come again with the next one: same id, same place, new connections', () => {
    const { scene, anaHere, boHere, boId } = pair();
    scene.pass(100);
    const cleo = scene.visitor();
    cleo.join(tokenOf('cleo'));
    boHere.ask('chat-send', { sequence: 7, text: 'before' }, { numbering: { number: 1 } });
    expect(boHere.ask('room-leave', mayReturn)).toEqual({ ok: true, value: {} });
    expect(anaHere.heard.at(-1)?.notice).toEqual({
      name: 'participant-left',
      body: { id: boId, reason: 'left', mayReturn: true },
    });
    expect(scene.visitor().ask('room-peek', { room: 'blue' })).toMatchObject({
      value: { displayNames: ['', ''] },
    });
    scene.pass(9_000);
    const next = scene.visitor();
    expect(next.join(again, { replaces: bo, displayName: 'Bo' })).toMatchObject({
      value: {
        self: { id: boId, displayName: 'Bo', joinedAtMs: 1_000_000 },
        chat: [{ authorId: boId, text: 'before' }],
        seat: { requestsUpTo: 0, noticesUpTo: 0, chatUpTo: 7 },
        // Whoever was there meanwhile waits for this page to offer.
        participants: [{ polite: false }, { polite: false }],
      },
    });
    for (const other of [anaHere, cleo]) {
      expect(other.heard.at(-1)?.notice).toMatchObject({
        name: 'participant-joined',
        body: { id: boId, joinedAtMs: 1_000_000, polite: true },
      });
    }
    // Whoever comes now sees Bo where he was, before Cleo.
    const places = scene.visitor().join();
    expect(places).toEqual(refused('room-full'));
    cleo.session.end('disconnected');
    const cleoAgain = scene.visitor().join(tokenOf('cleo again'), { replaces: tokenOf('cleo') });
    expect(cleoAgain).toMatchObject({ value: { participants: [{ polite: false }, { id: boId }] } });
    scene.pass(60_000);
    expect(scene.store.get(blue).parted.size).toBe(0);
    expect(scene.store.get(blue).members.size).toBe(3);
    expect(scene.visitor().resume(bo, 2, 0)).toMatchObject({ error: { reason: 'gone' } });
  });

  it('keeps the room of one who is alone, with what was said there, and no longer than a reload takes', () => {
    const scene = createDeskScene();
    const page = scene.visitor();
    page.join(ana);
    page.ask('chat-send', line(1));
    const life = scene.store.get(blue).id;
    scene.desk.leaveByToken('blue', ana, true);
    expect(scene.store.counts()).toEqual({ rooms: 1, participants: 0 });
    scene.pass(9_900);
    const next = scene.visitor();
    expect(next.join(tokenOf('ana 2'), { replaces: ana })).toMatchObject({
      value: { roomId: life, chat: [line(1)] },
    });
    next.ask('room-leave', mayReturn);
    scene.pass(10_000);
    expect(scene.store.counts()).toEqual({ rooms: 0, participants: 0 });
    expect(scene.visitor().join(tokenOf('ana 3'), { replaces: tokenOf('ana 2') })).toMatchObject({
      value: { chat: [] },
    });
  });

  it('is told of by nobody again when no other comes, and its owner is somebody new after that', () => {
    const { scene, anaHere, boHere, boId } = pair();
    boHere.ask('room-leave', mayReturn);
    scene.pass(10_000);
    expect(idOf(scene.visitor().join(again, { replaces: bo }))).not.toBe(boId);
    expect(anaHere.names()).toEqual(['participant-joined', 'participant-left', 'participant-joined']);
  });

  it('that had no time to say so leaves a seat to which the next one comes all the same', () => {
    const { scene, anaHere, boHere, boId } = pair();
    boHere.session.end('disconnected');
    expect(idOf(scene.visitor().join(again, { replaces: bo }))).toBe(boId);
    // That one goes in the same way, and looks alive to the server: its network has changed.
    expect(idOf(scene.visitor().join(tokenOf('bo 3'), { replaces: again }))).toBe(boId);
    const goAndCome = ['participant-left', 'participant-joined'];
    expect(anaHere.names().slice(1)).toEqual([...goAndCome, ...goAndCome]);
  });

  it('says so once, though by two ways, and a word that comes late says nothing of the next page', () => {
    const { scene, anaHere, boHere } = pair();
    boHere.ask('room-leave', mayReturn);
    scene.desk.leaveByToken('blue', bo, true);
    scene.visitor().join(again, { replaces: bo });
    scene.desk.leaveByToken('blue', bo, true);
    scene.desk.leaveByToken('blue', bo);
    boHere.session.end('disconnected');
    scene.pass(60_000);
    expect(anaHere.names()).toEqual(['participant-joined', 'participant-left', 'participant-joined']);
    expect(scene.store.get(blue).members.size).toBe(2);
  });

  it('is not brought back by its own join, sent once more and overtaken by its last word', () => {
    const { scene, boHere, boId } = pair();
    boHere.ask('room-leave', mayReturn);
    expect(scene.visitor().join(bo)).toMatchObject({ error: { reason: 'outdated' } });
    expect(idOf(scene.visitor().join(again, { replaces: bo }))).toBe(boId);
  });

  it('is not waited for any more when its owner says that this was a leave', () => {
    const { scene, boHere, boId } = pair();
    boHere.ask('room-leave', mayReturn);
    scene.desk.leaveByToken('blue', bo);
    expect(idOf(scene.visitor().join(again, { replaces: bo }))).not.toBe(boId);
  });

  it('that names a seat without claiming one is somebody else, and the seat is given up', () => {
    const { scene, boHere } = pair();
    boHere.ask('room-leave', mayReturn);
    expect(scene.visitor().join(undefined, { replaces: bo })).toEqual(ok);
    expect(scene.store.get(blue).parted.size).toBe(0);
  });

  it('comes back into a locked room, but neither into a full one nor after a removal', () => {
    const { scene, boHere, boId } = pair();
    boHere.ask('room-leave', mayReturn);
    scene.store.record(blue, { kind: 'room-locked', isLocked: true });
    expect(scene.visitor().join(tokenOf('dee'))).toEqual(refused('room-locked'));
    const next = scene.visitor();
    expect(next.join(again, { replaces: bo })).toEqual(ok);
    next.ask('room-leave', mayReturn);
    scene.store.record(blue, { kind: 'room-locked', isLocked: false });
    for (const name of ['cleo', 'dee']) scene.visitor().join(tokenOf(name));
    expect(scene.visitor().join(tokenOf('bo 3'), { replaces: again })).toEqual(refused('room-full'));
    const id = [...scene.store.get(blue).parted.keys()].find((parted) => parted === boId);
    if (id === undefined) throw new Error('Bo has not parted');
    scene.store.record(blue, { kind: 'participant-removed', id });
    expect(scene.visitor().join(tokenOf('bo 4'), { replaces: again })).toEqual(refused('removed'));
  });

  it('has the program told of leaving and coming, as of one person', () => {
    const { scene, boHere, boId } = pair();
    boHere.ask('room-leave', mayReturn);
    scene.visitor().join(again, { replaces: bo });
    expect(scene.presence.slice(2)).toMatchObject([
      { kind: 'left', participantId: boId },
      { kind: 'entered', participantId: boId },
    ]);
  });

  it('hears nothing of what was meant for the page before', () => {
    const { scene, anaHere, boHere, boId } = pair();
    const send = (number: number, receivedUpTo: number): void =>
      void anaHere.ask(
        'peer-message-send',
        { to: boId, message: { kind: 'rebuild', generation: number } },
        { numbering: { number, receivedUpTo } },
      );
    boHere.ask('room-leave', mayReturn);
    const next = scene.visitor();
    next.join(again, { replaces: bo });
    // Bo's return is the third notice of Ana's stream, after the first join and the leave.
    send(1, 1);
    send(2, 2);
    send(3, 3);
    expect(next.heard.map(({ notice }) => notice.body)).toMatchObject([{ message: { generation: 3 } }]);
    expect(anaHere.heard.slice(3).map(({ notice }) => notice.body)).toMatchObject([
      { answer: { error: { code: 'unknown-participant' } } },
      { answer: { error: { code: 'unknown-participant' } } },
      { answer: { ok: true } },
    ]);
  });

  it('has sent nothing that one hears who comes in again, because the answer was lost, after the next came', () => {
    const { scene, anaHere, boHere, boId } = pair();
    const [anaId] = scene.store.get(blue).members.keys();
    const send = (from: DeskVisitor, generation: number): void =>
      void from.ask('peer-message-send', { to: anaId, message: { kind: 'rebuild', generation } });
    anaHere.session.end('disconnected');
    send(boHere, 1);
    boHere.ask('room-leave', mayReturn);
    const next = scene.visitor();
    next.join(again, { replaces: bo });
    send(next, 2);
    const anaAgain = scene.visitor();
    anaAgain.join(ana, { seat: { token: ana, connection: 2 } });
    expect(anaAgain.heard.map(({ notice }) => notice.body)).toEqual([
      { from: boId, message: { kind: 'rebuild', generation: 2 } },
    ]);
  });

  it('is waited for by a server that is started anew, too', () => {
    const disk = createFakeDisk();
    const before = createDeskScene(disk.open());
    const page = before.visitor();
    page.join(ana);
    page.ask('chat-send', line(1));
    page.ask('room-leave', mayReturn);
    disk.write(1_000);
    const after = createDeskScene(disk.open(), 2_000_000);
    const next = after.visitor();
    next.join(tokenOf('ana 2'), { replaces: ana });
    disk.write(1_000);
    expect([...after.store.get(blue).members.keys()]).toEqual(['1000000-1']);
    expect(after.store.get(blue).chat).toMatchObject([line(1)]);
    next.ask('room-leave', mayReturn);
    disk.write(1_000);
    const third = createDeskScene(disk.open(), 3_000_000);
    expect(third.store.counts()).toEqual({ rooms: 1, participants: 0 });
    third.pass(10_000);
    disk.write(1_000);
    expect(disk.open().rooms.size).toBe(0);
  });

  it('can be many: a room remembers the last of them', () => {
    const { scene } = pair();
    for (let index = 0; index < 100; index += 1) {
      const visitor = scene.visitor();
      visitor.join(tokenOf(`page ${index}`));
      visitor.ask('room-leave', mayReturn);
    }
    expect(scene.store.get(blue).parted.size).toBe(64);
    scene.pass(10_000);
    expect(scene.store.get(blue).parted.size).toBe(0);
  });
});
