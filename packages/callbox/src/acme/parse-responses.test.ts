import { describe, expect, test } from 'vitest';
import { AcmeError } from './acme-error.ts';
import {
  parseAuthorization,
  parseDirectory,
  parseOrder,
  parseProblem,
  parseRenewalWindow,
} from './parse-responses.ts';

describe('a directory', () => {
  const urls = { newNonce: 'n', newAccount: 'a', newOrder: 'o' };

  test('tells where to go; kinds and renewal information only where there are some', () => {
    expect(parseDirectory(urls)).toEqual({
      ...urls,
      renewalInfo: undefined,
      termsOfService: undefined,
      profiles: [],
    });
    const meta = { termsOfService: 't', profiles: { classic: 'c', shortlived: 's' } };
    expect(parseDirectory({ ...urls, renewalInfo: 'r', meta })).toMatchObject({
      renewalInfo: 'r',
      termsOfService: 't',
      profiles: ['classic', 'shortlived'],
    });
  });

  test.each([undefined, null, 'page', [], {}, { ...urls, newOrder: 7 }])('%j is none', (value) => {
    expect(() => parseDirectory(value)).toThrow(AcmeError);
  });
});

describe('an order', () => {
  const order = { status: 'pending', authorizations: ['a'], finalize: 'f' };

  test('is read with what went wrong', () => {
    const error = { type: 'urn:ietf:params:acme:error:rateLimited', detail: 'too many' };
    expect(parseOrder({ ...order, status: 'invalid', error })).toEqual({
      ...order,
      status: 'invalid',
      certificate: undefined,
      problem: { type: 'rateLimited', detail: 'too many' },
    });
  });

  test.each([
    { ...order, status: 'lost' },
    { ...order, authorizations: 'a' },
    { ...order, authorizations: [7] },
    { ...order, finalize: undefined },
  ])('%j is none', (value) => {
    expect(() => parseOrder(value)).toThrow(AcmeError);
  });
});

test('an authorization may hold challenges that are none of ours', () => {
  const identifier = { type: 'ip', value: '192.0.2.7' };
  const challenges = [
    { type: 'http-01', url: 'u', token: 't', status: 'pending' },
    { type: 'dns-persist-01', url: 'v' },
  ];
  expect(parseAuthorization({ identifier, status: 'pending', challenges })).toEqual({
    identifier,
    status: 'pending',
    challenges: [
      { type: 'http-01', url: 'u', token: 't', problem: undefined },
      { type: 'dns-persist-01', url: 'v', token: '', problem: undefined },
    ],
  });
});

test('of several problems the first that is named is told', () => {
  const inner = { type: 'urn:ietf:params:acme:error:caa', detail: 'no', identifier: { value: 'a.example' } };
  expect(parseProblem({ type: 'urn:ietf:params:acme:error:compound', subproblems: [inner] })).toEqual({
    type: 'caa',
    detail: 'no',
    identifier: 'a.example',
  });
  expect(parseProblem('down for maintenance')).toBeUndefined();
  expect(parseProblem({ detail: 'no type' })).toBeUndefined();
});

test('a window for renewal is read; one that ends before it begins is none', () => {
  const window = (start: unknown, end: unknown) => ({ suggestedWindow: { start, end } });
  expect(parseRenewalWindow(window('2026-01-02T04:00:00Z', '2026-01-03T04:00:00Z'))).toEqual({
    startMs: Date.UTC(2026, 0, 2, 4),
    endMs: Date.UTC(2026, 0, 3, 4),
  });
  for (const bad of [window('2026-01-03T04:00:00Z', '2026-01-02T04:00:00Z'), window('soon', 'later'), {}]) {
    expect(() => parseRenewalWindow(bad)).toThrow(AcmeError);
  }
});
