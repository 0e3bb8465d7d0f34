import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answerSchema, handshakeSchema, isRequestName, notices, requests } from '../events.ts';
import { parseWith } from '../parse.ts';

interface Recorded {
  readonly handshake: unknown;
  readonly requests: readonly { readonly name: string; readonly body: unknown }[];
  readonly answers: readonly { readonly name: string; readonly answer: unknown }[];
  readonly notices: readonly { readonly name: keyof typeof notices; readonly body: unknown }[];
}

// What a client and a server of version 1 said to each other, recorded before there was another. Never to be changed.
const recorded = JSON.parse(
  readFileSync(new URL('version-1.json', import.meta.url), 'utf8'),
) as unknown as Recorded;

function requestOf(name: string) {
  if (!isRequestName(name)) throw new Error(`${name} is no request any more`);
  return name;
}

describe('version 1 of the contract, as it was spoken', () => {
  it('opens with a handshake that is still read', () => {
    expect(parseWith(handshakeSchema, recorded.handshake)).toEqual({ ok: true, value: { version: 1 } });
  });

  it.each(recorded.requests)(
    '$name is still taken from an old client, or still refused',
    ({ name, body }) => {
      const index = recorded.requests.findIndex((request) => request.body === body);
      const answer = recorded.answers[index]?.answer as { error?: { code: string } } | undefined;
      const parsed = parseWith(requests[requestOf(name)].request, body);
      const taken = { ok: true, value: body };
      const refused = { ok: false, reason: expect.any(String) };
      expect(parsed).toEqual(answer?.error?.code === 'bad-request' ? refused : taken);
    },
  );

  it.each(recorded.answers)(
    'the answer of an old server to $name is understood as it was',
    ({ name, answer }) => {
      expect(parseWith(answerSchema(requestOf(name)), answer)).toEqual({ ok: true, value: answer });
    },
  );

  it.each(recorded.notices)('the notice $name of an old server is understood as it was', ({ name, body }) => {
    expect(parseWith(notices[name], body)).toEqual({ ok: true, value: body });
  });
});
