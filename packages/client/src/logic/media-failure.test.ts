import { describe, expect, it } from 'vitest';
import { explainMediaError, isWorthAskingAlone, refineDenial } from './media-failure.ts';

describe('explaining an error of getUserMedia', () => {
  it.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'not-found'],
    ['OverconstrainedError', 'not-found'],
    ['NotReadableError', 'in-use'],
    ['AbortError', 'in-use'],
    ['InvalidStateError', 'failed'],
  ])('calls %s %s', (name, reason) => {
    expect(explainMediaError(new DOMException('', name))).toBe(reason);
  });

  it('knows errors that are no DOMException, and values that are no errors', () => {
    expect(explainMediaError(Object.assign(new Error('too much'), { name: 'OverconstrainedError' }))).toBe(
      'not-found',
    );
    expect(explainMediaError(new TypeError('no constraints'))).toBe('failed');
    expect(explainMediaError('a string')).toBe('failed');
  });
});

describe('who said no', () => {
  it.each([
    ['granted', 'denied-by-system'],
    ['prompt', 'dismissed'],
    ['denied', 'denied'],
    ['unknown', 'denied'],
  ] as const)('where the permission is %s, is %s', (permission, failure) => {
    expect(refineDenial('denied', permission)).toBe(failure);
  });

  it('is no question of other failures', () => {
    expect(refineDenial('in-use', 'granted')).toBe('in-use');
  });
});

describe('asking for one device after both were refused', () => {
  it('is always worth it where no person said no', () => {
    expect(isWorthAskingAlone('not-found', 'prompt', 'prompt')).toBe(true);
    expect(isWorthAskingAlone('in-use', 'denied', 'granted')).toBe(true);
  });

  it('is worth it where no prompt would come, or the other device alone was the reason', () => {
    expect(isWorthAskingAlone('denied', 'granted', 'denied')).toBe(true);
    expect(isWorthAskingAlone('denied', 'prompt', 'denied')).toBe(true);
  });

  it('does not ask a person again who has closed the prompt, or said no to this device', () => {
    expect(isWorthAskingAlone('denied', 'prompt', 'prompt')).toBe(false);
    expect(isWorthAskingAlone('denied', 'denied', 'prompt')).toBe(false);
    expect(isWorthAskingAlone('denied', 'denied', 'denied')).toBe(false);
  });

  it('tries where the browser does not tell', () => {
    expect(isWorthAskingAlone('denied', 'unknown', 'unknown')).toBe(true);
  });
});
