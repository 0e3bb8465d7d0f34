import { describe, expect, it } from 'vitest';
import { explainScreenError } from './screen-failure.ts';

describe('why no screen is shown', () => {
  it.each([
    ['the question was closed, in Chromium', 'NotAllowedError', 'Permission denied', null],
    [
      'the question was closed, in Firefox',
      'NotAllowedError',
      'The request is not allowed by the user agent',
      null,
    ],
    ['the system forbids it', 'NotAllowedError', 'Permission denied by system', 'denied'],
    [
      'the page that frames this one forbids it',
      'NotAllowedError',
      "Access to the feature 'display-capture' is disallowed by permissions policy",
      'denied',
    ],
    ['there is nothing to show', 'NotFoundError', '', 'not-found'],
    ['the system does not give the picture', 'NotReadableError', '', 'in-use'],
    ['it was not asked for in a click', 'InvalidStateError', '', 'failed'],
  ])('%s', (_, name, message, expected) => {
    expect(explainScreenError(new DOMException(message, name))).toBe(expected);
  });
});
