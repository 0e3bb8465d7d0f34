import { describe, expect } from 'vitest';
import { enterCall } from './call/enter-call.ts';
import { listPeople, waitForPeople, waitForPerson } from './call/people.ts';
import { expectEveryoneSeesAndHears, expectMediaArrives, expectMediaPlays } from './media/see-and-hear.ts';
import { test } from './stage.ts';
import { stretch } from './stretch.ts';

/** What "at once" means where nothing else runs. */
const AT_ONCE_MS = 2_000;

describe('what one person does, the others see at once', () => {
  test('muting, unmuting, and turning the camera off and on', async ({ stage }) => {
    const program = await stage.startProgram();
    const url = `${program.origin}/r/team`;
    const ana = await stage.invite('chromium', 'Ana');
    const ben = await stage.invite('chromium', 'Ben');
    await enterCall(ana, url, 'Ana');
    await enterCall(ben, url, 'Ben');
    await expectEveryoneSeesAndHears([ana, ben]);

    await ana.click('switch', 'Mic');
    await waitForPerson(ben, 'Ana', 'muted', (person) => person.microphone === 'off', stretch(AT_ONCE_MS));
    await ana.click('switch', 'Camera');
    await waitForPerson(
      ben,
      'Ana',
      'without a picture',
      (person) => person.camera === 'off',
      stretch(AT_ONCE_MS),
    );

    await ana.click('switch', 'Mic');
    await ana.click('switch', 'Camera');
    await waitForPerson(
      ben,
      'Ana',
      'back',
      (person) => person.microphone === 'on' && person.camera === 'on',
      stretch(AT_ONCE_MS),
    );
    await expectEveryoneSeesAndHears([ana, ben]);
  });

  test('leaving, and coming back', async ({ stage }) => {
    const program = await stage.startProgram();
    const url = `${program.origin}/r/team`;
    const ana = await stage.invite('chromium', 'Ana');
    const ben = await stage.invite('chromium', 'Ben');
    await enterCall(ana, url, 'Ana');
    await enterCall(ben, url, 'Ben');
    await expectEveryoneSeesAndHears([ana, ben]);

    await ben.click('button', 'Leave');
    await ben.waitFor('heading', 'You left the call');
    await waitForPeople(ana, 1, stretch(AT_ONCE_MS));

    await ben.click('button', 'Rejoin');
    await ben.waitFor('toolbar', 'Call controls');
    await expectEveryoneSeesAndHears([ana, ben]);
    expect(await listPeople(ana)).toHaveLength(2);
  });

  test('closing the page', async ({ stage }) => {
    const program = await stage.startProgram();
    const url = `${program.origin}/r/team`;
    const ana = await stage.invite('chromium', 'Ana');
    const ben = await stage.invite('firefox', 'Ben');
    await enterCall(ana, url, 'Ana');
    await enterCall(ben, url, 'Ben');
    await waitForPeople(ana, 2);
    await ben.close();
    await waitForPeople(ana, 1, stretch(AT_ONCE_MS));
    await ana.waitFor('region', 'Everyone else has left.');
  });
});

describe('a guest whose browser gives neither camera nor microphone', () => {
  test('joins to listen, sees and hears the others, and is seen as one without', async ({ stage }) => {
    const program = await stage.startProgram();
    const url = `${program.origin}/r/lecture`;
    const ana = await stage.invite('chromium', 'Ana');
    const ben = await stage.invite('chromium', 'Ben', { devices: 'withheld' });
    await enterCall(ana, url, 'Ana');
    await ben.open(url);
    await ben.fill('textbox', 'Your name', 'Ben');
    await ben.click('button', 'Just listen');
    await ben.waitFor('toolbar', 'Call controls');
    await expectMediaArrives(ben, 1);
    await expectMediaPlays(ben, 1);
    await waitForPerson(
      ana,
      'Ben',
      'without either',
      ({ microphone, camera }) => microphone === 'off' && camera === 'off',
    );
  });
});

describe('a room that is full', () => {
  test('says so in words, and lets one in when one has left', async ({ stage }) => {
    const program = await stage.startProgram({ flags: ['--max-participants', '2'] });
    const url = `${program.origin}/r/small`;
    const ana = await stage.invite('chromium', 'Ana');
    const ben = await stage.invite('chromium', 'Ben');
    const dora = await stage.invite('chromium', 'Dora');
    await enterCall(ana, url, 'Ana');
    await enterCall(ben, url, 'Ben');
    await dora.open(url);
    await dora.fill('textbox', 'Your name', 'Dora');
    await dora.click('button', 'Join');
    await dora.waitForText('This room holds 2 people, and 2 are inside.');

    await ben.click('button', 'Leave');
    await waitForPeople(ana, 1);
    await dora.click('button', 'Try again');
    await dora.waitFor('toolbar', 'Call controls');
    await expectEveryoneSeesAndHears([ana, dora]);
  });
});
