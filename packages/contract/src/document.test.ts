import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorCodes, resumeRefusalReasons } from './error-code.ts';
import { answerSchema, isRequestName, notices, requests } from './events.ts';
import { limits } from './limits.ts';
import { parseWith } from './parse.ts';
import { peerMessageSchema } from './peer-message.ts';
import { CONTRACT_VERSION, OLDEST_CONTRACT_VERSION, SIGNALING_PATH } from './version.ts';

const text = readFileSync(new URL('../../../docs/signaling.md', import.meta.url), 'utf8');

/** The part below a heading, up to the next of the same or a higher level. */
function section(heading: string): string {
  const level = heading.indexOf(' ');
  const [, after] = text.split(`\n${heading}\n`);
  if (after === undefined) throw new Error(`no section "${heading}"`);
  return after.split(new RegExp(`\n#{1,${level}} `))[0] ?? '';
}

function subheadings(part: string): string[] {
  return [...part.matchAll(/^### `(.+)`$/gm)].map(([, name]) => name ?? '');
}

function firstColumn(part: string): string[] {
  return [...part.matchAll(/^\| `(.+?)`/gm)].map(([, name]) => name ?? '');
}

/** The examples of a kind, read as JSON. */
function examples(part: string, kind: string): unknown[] {
  const blocks = [...part.matchAll(/```json (\S+)\n([\s\S]*?)```/g)];
  return blocks.filter(([, found]) => found === kind).map(([, , json]) => JSON.parse(json ?? '') as unknown);
}

const fits = { ok: true, value: expect.anything() };

describe('docs/signaling.md', () => {
  it('names every request and no other', () => {
    expect(subheadings(section('## Requests')).sort()).toEqual(Object.keys(requests).sort());
  });

  it('names every notice and no other', () => {
    expect(subheadings(section('## Notices')).sort()).toEqual(Object.keys(notices).sort());
  });

  it('names every error code and no other', () => {
    expect(firstColumn(section('## Error codes')).sort()).toEqual([...errorCodes].sort());
  });

  it('names every reason for which a seat is not resumed and no other', () => {
    expect(firstColumn(section('### `room-resume`')).sort()).toEqual([...resumeRefusalReasons].sort());
  });

  it('names every limit with its value and no other', () => {
    const rows = [...section('## Limits').matchAll(/^\| `(.+?)`\s*\|\s*(\d+) \|/gm)];
    expect(Object.fromEntries(rows.map(([, name, value]) => [name, Number(value)]))).toEqual(limits);
  });

  it('names no error code that does not exist', () => {
    const refusals = [...text.matchAll(/^Refused: .*$/gm)].flatMap(([line]) => [
      ...line.matchAll(/`(.+?)`/g),
    ]);
    const known = new Set<string | undefined>([
      ...errorCodes,
      'maxParticipants',
      'reason',
      'connection',
      'outdated',
    ]);
    expect(refusals.map(([, code]) => code).filter((code) => !known.has(code))).toEqual([]);
    expect(refusals.length).toBeGreaterThan(5);
  });

  it('names the version and the path', () => {
    expect(text).toContain(`This is version ${CONTRACT_VERSION} of the contract.`);
    expect(text).toContain(`auth: { version: ${OLDEST_CONTRACT_VERSION}, upTo: ${CONTRACT_VERSION} }`);
    expect(text).toContain(`path: '${SIGNALING_PATH}'`);
  });

  it.each(Object.keys(requests))('shows %s with a request and a reply that fit', (name) => {
    if (!isRequestName(name)) throw new Error(name);
    const part = section(`### \`${name}\``);
    const [request] = examples(part, 'request');
    const [value] = examples(part, 'reply');
    expect(parseWith(requests[name].request, request)).toEqual(fits);
    expect(parseWith(answerSchema(name), { ok: true, value })).toEqual({
      ok: true,
      value: { ok: true, value },
    });
  });

  it.each(Object.entries(notices))('shows the notice %s as it is', (name, schema) => {
    const [notice] = examples(section(`### \`${name}\``), 'notice');
    expect(parseWith(schema, notice)).toEqual({ ok: true, value: notice });
  });

  it('shows each kind of message between participants as it is', () => {
    const messages = examples(section('## Between two participants'), 'peer-message');
    expect(messages.map((message) => parseWith(peerMessageSchema, message))).toEqual(
      messages.map((value) => ({ ok: true, value })),
    );
    const kinds = peerMessageSchema.options.map(({ entries }) => entries.kind.literal);
    const shown = new Set(messages.map((message) => (message as { kind: string }).kind));
    expect([...shown].sort()).toEqual([...kinds].sort());
  });

  it('shows a refusal as it is', () => {
    const [refusal] = examples(section('## Requests'), 'answer');
    expect(parseWith(answerSchema('room-join'), refusal)).toEqual({ ok: true, value: refusal });
  });
});
