import { expect, test } from 'vitest';
import { findClosestName } from './find-closest-name.ts';

const names = ['port', 'turn-port', 'relay-ports', 'roles', 'realm', 'cert', 'key'];

test.each([
  ['prot', 'port'],
  ['PORT', 'port'],
  ['turnport', 'turn-port'],
  ['relay-port', 'relay-ports'],
  ['role', 'roles'],
  ['certificate', undefined],
  ['x', undefined],
  ['', undefined],
])('%j was probably meant as %s', (written, meant) => {
  expect(findClosestName(written, names)).toBe(meant);
});
