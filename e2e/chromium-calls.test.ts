import { describe, expect } from 'vitest';
import { enterCall, startCall } from './call/enter-call.ts';
import { listPeople, waitForPeople } from './call/people.ts';
import { expectEveryoneSeesAndHears } from './media/see-and-hear.ts';
import { test } from './stage.ts';

const names = ['Ana', 'Ben', '小宝', 'Dora'];

describe('a call between pages of Chromium', () => {
  test.for([2, 3, 4])('everyone of %i sees and hears everyone', async (size, { stage }) => {
    const program = await stage.startProgram();
    const guests = [];
    for (const name of names.slice(0, size)) {
      const guest = await stage.invite('chromium', name);
      await enterCall(guest, `${program.origin}/r/team`, name);
      guests.push(guest);
    }
    await expectEveryoneSeesAndHears(guests);
    for (const guest of guests) {
      await waitForPeople(guest, size);
      const people = await listPeople(guest);
      expect(people.filter((person) => person.isSelf)).toHaveLength(1);
    }
  });

  test('a call that one person starts has a link that nobody can guess, and the link is all another needs', async ({
    stage,
  }) => {
    const program = await stage.startProgram();
    const ana = await stage.invite('chromium', 'Ana');
    const ben = await stage.invite('chromium', 'Ben');
    const first = await startCall(ana, program.origin, 'Ana');
    const second = await startCall(ben, program.origin, 'Ben');
    // Sixteen symbols out of thirty are 78 bits.
    expect(first).toMatch(/\/r\/([2-9a-hj-kmnp-tv-z]{4}-){3}[2-9a-hj-kmnp-tv-z]{4}$/);
    expect(second).not.toBe(first);
    await enterCall(ben, first, 'Ben');
    await expectEveryoneSeesAndHears([ana, ben]);
  });
});
