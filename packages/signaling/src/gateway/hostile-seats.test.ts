import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { writeState } from '../store/room-record.ts';
import { createDeskScene, tokenOf, type DeskScene, type DeskVisitor } from '../testing/desk-scene.ts';
import { createRandom } from '../testing/model/random.ts';
import { roomNameOf } from '../testing/room-fixtures.ts';

const blue = roomNameOf('blue');
const ana = tokenOf('ana');
const cleo = tokenOf('cleo');

/** All that the server holds of the room, streams and outboxes included. */
function hashOf({ store }: DeskScene): string {
  return createHash('sha256')
    .update(writeState(store.get(blue)))
    .digest('hex');
}

function occupied(): { readonly scene: DeskScene; readonly victim: DeskVisitor; readonly hash: string } {
  const scene = createDeskScene();
  const [victim, other] = [scene.visitor(), scene.visitor()];
  victim.join(ana);
  other.join(tokenOf('bo'));
  const parted = scene.visitor();
  parted.join(cleo);
  parted.ask('room-leave', { mayReturn: true });
  other.ask('chat-send', { sequence: 1, text: 'hello' }, { numbering: { number: 1 } });
  // By its third connection, so that there are claims that were right once.
  scene.visitor().resume(ana, 2, 0);
  scene.visitor().resume(ana, 3, 1);
  return { scene, victim, hash: hashOf(scene) };
}

const odd: readonly unknown[] = [
  undefined,
  null,
  '',
  '__proto__',
  'x'.repeat(200_000),
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  0.5,
  2 ** 60,
  true,
  [],
  [[[[]]]],
  {},
  JSON.parse('{"__proto__":{"room":"blue"}}'),
  { constructor: { prototype: { isLocked: true } } },
  { number: '1' },
];

describe('whatever a stranger sends', () => {
  it.each([
    ['the claim of an earlier connection', { seat: { token: ana, connection: 2 }, receivedUpTo: 1 }],
    ['the claim of the present connection', { seat: { token: ana, connection: 3 }, receivedUpTo: 2 }],
    ['a later claim that names a notice to come', { seat: { token: ana, connection: 4 }, receivedUpTo: 99 }],
    ['a later claim that names a notice long gone', { seat: { token: ana, connection: 4 }, receivedUpTo: 0 }],
    ['a token of nobody', { seat: { token: tokenOf('mallory'), connection: 4 }, receivedUpTo: 1 }],
    ['the token of one who has parted', { seat: { token: cleo, connection: 4 }, receivedUpTo: 1 }],
  ])('as a resume (%s), it is refused and the room is what it was', (_what, claim) => {
    const { scene, victim, hash } = occupied();
    const heard = victim.heard.length;
    expect(scene.visitor().ask('room-resume', { room: 'blue', ...claim })).toMatchObject({
      ok: false,
      error: { code: 'resume-refused' },
    });
    expect(hashOf(scene)).toBe(hash);
    expect(victim.heard).toHaveLength(heard);
  });

  it('in any member of any request, with any numbering, it is answered and the room is what it was', () => {
    const { scene, hash } = occupied();
    const random = createRandom(7);
    const names = [
      'room-resume',
      'room-leave',
      'chat-send',
      'peer-message-send',
      'participant-update',
      'probe',
    ];
    const members = [
      'room',
      'seat',
      'receivedUpTo',
      'replaces',
      'mayReturn',
      'to',
      'message',
      'sequence',
      'text',
      'media',
    ];
    for (let round = 0; round < 3_000; round += 1) {
      const visitor = scene.visitor();
      const body = Object.fromEntries(members.map((member) => [member, random.pick(odd)]));
      const numbering = random.percent(50) ? {} : { numbering: random.pick(odd) };
      const name = random.percent(90) ? random.pick(names) : random.pick(odd);
      expect(visitor.ask(name, random.percent(80) ? body : random.pick(odd), numbering)).not.toBeNull();
      visitor.session.end('disconnected');
    }
    scene.desk.leaveByToken('__proto__', ana.slice(1));
    for (const mayReturn of [true, false]) scene.desk.leaveByToken('blue', tokenOf('mallory'), mayReturn);
    // Known to be gone already, which is no reason to wait longer.
    scene.desk.leaveByToken('blue', cleo, true);
    expect(hashOf(scene)).toBe(hash);
  });

  it('as a join that replaces what is no token of this room, it takes nothing from anybody', () => {
    const { scene } = occupied();
    const before = scene.store.get(blue);
    for (const replaces of [tokenOf('nobody'), `hash-${ana}`, 'x', null, { token: ana }]) {
      const mallory = scene.visitor();
      mallory.join(tokenOf('mallory'), { replaces });
      const { members } = scene.store.get(blue);
      for (const [id, { participant, seat }] of before.members) {
        expect(members.get(id)?.participant).toEqual(participant);
        expect(members.get(id)?.seat?.tokenHash).toBe(seat?.tokenHash);
      }
      expect(scene.store.get(blue).parted).toEqual(before.parted);
      mallory.ask('room-leave', {});
    }
  });

  it('from another room, with a seat of its own there, it never reaches this one', () => {
    const { scene, hash } = occupied();
    const mallory = scene.visitor();
    mallory.join(tokenOf('mallory'), { room: 'red' });
    const [anaId = ''] = scene.store.get(blue).members.keys();
    let number = 0;
    const ask = (name: string, body: object): void => {
      number += 1;
      mallory.ask(name, body, { numbering: { number, receivedUpTo: number * 7 } });
    };
    ask('peer-message-send', { to: anaId, message: { kind: 'rebuild', generation: 1 } });
    ask('chat-send', { room: 'blue', authorId: anaId, sequence: 1, text: 'forged' });
    ask('participant-update', { id: anaId, displayName: 'forged' });
    ask('room-leave', { room: 'blue', id: anaId });
    expect(hashOf(scene)).toBe(hash);
    expect(mallory.heard.map(({ notice }) => notice.body)).toMatchObject([
      { answer: { error: { code: 'unknown-participant' } } },
      { answer: { ok: true } },
      { answer: { ok: true } },
      { answer: { error: { code: 'bad-request' } } },
    ]);
  });
});
