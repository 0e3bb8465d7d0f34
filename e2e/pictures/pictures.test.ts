import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from 'vitest';
import { enterCall } from '../call/enter-call.ts';
import { expectEveryoneSeesAndHears } from '../media/see-and-hear.ts';
import { test } from '../stage.ts';
import { createPaintedCamera } from './paint-camera.ts';

const images = join(import.meta.dirname, '../../docs/images');
const names = ['Ana', '小宝', 'Ben', 'Dora'];

describe('the pictures of the documentation', () => {
  test('a call of four, on a desk and on a phone', async ({ stage }) => {
    await mkdir(images, { recursive: true });
    const program = await stage.startProgram();
    const paint = await createPaintedCamera();
    const guests = [];
    for (const [index, name] of names.entries()) {
      const guest = await stage.invite('chromium', name, { colorScheme: 'dark', initScript: paint(index) });
      await enterCall(guest, `${program.origin}/r/standup`, name);
      guests.push(guest);
    }
    await expectEveryoneSeesAndHears(guests);
    const [first] = guests;
    await first?.screenshot(`${join(images, 'call')}.png`);
    await first?.appear({ colorScheme: 'dark', viewport: { width: 390, height: 844 } });
    await expectEveryoneSeesAndHears(guests);
    await first?.screenshot(`${join(images, 'call-phone')}.png`);
  });
});
