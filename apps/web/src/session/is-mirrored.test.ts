import { expect, it } from 'vitest';
import { isMirrored } from './is-mirrored.ts';

const camera = (facingMode?: string) => ({
  getSettings: () => (facingMode === undefined ? {} : { facingMode }),
});

it('mirrors a camera that faces the person, and one that does not say where it faces', () => {
  expect(isMirrored({ mirrorSelf: true }, camera('user'))).toBe(true);
  expect(isMirrored({ mirrorSelf: true }, camera())).toBe(true);
});

it('never mirrors what a camera at the back sees: words in it could not be read', () => {
  expect(isMirrored({ mirrorSelf: true }, camera('environment'))).toBe(false);
});

it('mirrors nothing for who does not want it', () => {
  expect(isMirrored({ mirrorSelf: false }, camera('user'))).toBe(false);
});
