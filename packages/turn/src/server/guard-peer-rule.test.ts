import { expect, test } from 'vitest';
import { ip } from '../testing/addresses.ts';
import { guardPeerRule } from './guard-peer-rule.ts';
import type { Logger } from './turn-server-options.ts';

const PEER = ip('8.8.8.8');
const ALICE = { username: 'alice', account: 'alice' };

function recorder(): { readonly logger: Logger; readonly errors: string[] } {
  const errors: string[] = [];
  const ignore = (): void => undefined;
  const error = (message: string): void => void errors.push(message);
  return { errors, logger: { error, warn: ignore, info: ignore, debug: ignore } };
}

test('a rule is asked and its answer counts', () => {
  const { logger } = recorder();
  expect(guardPeerRule(() => true, logger)(PEER, ALICE)).toBe(true);
  expect(guardPeerRule(() => false, logger)(PEER, ALICE)).toBe(false);
});

test('a rule that throws denies, is asked again, and is logged once', () => {
  const { logger, errors } = recorder();
  let asked = 0;
  const rule = guardPeerRule(() => {
    asked += 1;
    if (asked < 3) throw new Error('no directory');
    return true;
  }, logger);
  expect([rule(PEER, ALICE), rule(PEER, ALICE), rule(PEER, ALICE)]).toEqual([false, false, true]);
  expect(errors).toHaveLength(1);
});

test('a rule of JavaScript that answers with a promise denies', () => {
  const later = (() => Promise.resolve(true)) as unknown as () => boolean;
  expect(guardPeerRule(later, recorder().logger)(PEER, ALICE)).toBe(false);
});
