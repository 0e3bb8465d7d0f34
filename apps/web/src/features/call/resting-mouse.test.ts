import { expect, it } from 'vitest';
import { mayStepAside, restMs, type Rest } from './resting-mouse.ts';

const resting: Rest = { isFullScreen: true, lastInput: 'mouse', idleMs: restMs, isBusy: false };

it('lets the controls step aside in full screen, once the mouse has rested', () => {
  expect(mayStepAside(resting)).toBe(true);
  expect(mayStepAside({ ...resting, idleMs: restMs - 1 })).toBe(false);
});

it('never hides them from a keyboard or a finger, nor from who has not moved yet', () => {
  for (const lastInput of ['keyboard', 'finger', null] as const)
    expect(mayStepAside({ ...resting, lastInput })).toBe(false);
});

it('leaves them where something is open, and wherever the page does not fill the screen', () => {
  expect(mayStepAside({ ...resting, isBusy: true })).toBe(false);
  expect(mayStepAside({ ...resting, isFullScreen: false })).toBe(false);
});
