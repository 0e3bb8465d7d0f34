import assert, { fail } from 'node:assert';
import { expect } from 'vitest';
import type { OldWire } from './old-frames.ts';
import { freshRoom, until } from './old-page.ts';

/** What was heard where a transcript says what is to be heard, and what else. */
export interface Performance {
  readonly heard: unknown[];
  readonly wanted: unknown[];
  readonly besides: string[];
}

interface Client {
  readonly wire: OldWire;
  /** How many frames have been dealt with. */
  read: number;
}

const linePattern = /^(\w)([<>!])(?: (.*))?$/;
/** Stands for the end of all connections, for the server has ended. */
const serverEnd = 'END';
const isIceList = (frame: string): boolean => /^42\["(?:stun|turn)servers"/.test(frame);

/** A frame apart from its text: digits, and what they announce. */
function parse(frame: string): unknown {
  const start = frame.search(/[[{]/);
  if (start === -1) return frame;
  const content: unknown = JSON.parse(frame.slice(start), (_key, value: unknown) =>
    value === 'ANY' ? expect.anything() : value,
  );
  return [frame.slice(0, start), content];
}

/** Everybody who says or hears something. */
async function gather(transcript: string, open: () => Promise<OldWire>): Promise<Map<string, Client>> {
  const clients = new Map<string, Client>();
  for (const name of new Set(transcript.match(/^\s*\w(?=[<>!])/gm)?.map((start) => start.trim()))) {
    const wire = await open();
    // The handshake, the namespace, and both lists.
    await until(() => assert(wire.received.length >= 4, 'the server says nothing'));
    clients.set(name, { wire, read: 4 });
  }
  return clients;
}

/** Has clients do and hear what a transcript says, and tells what they heard in truth. */
export async function playTranscript(transcript: string, open: () => Promise<OldWire>): Promise<Performance> {
  const clients = await gather(transcript, open);
  const rooms = { ROOM: freshRoom(), OTHER: freshRoom() };
  const performance: Performance = { heard: [], wanted: [], besides: [] };
  const lines = transcript
    .trim()
    .split('\n')
    .map((text) => text.trim());
  const isMortal = lines.at(-1) === serverEnd;

  const fill = (text: string): string =>
    text
      .replaceAll(/\$(ROOM|OTHER)/g, (_match, name: 'ROOM' | 'OTHER') => rooms[name])
      .replaceAll(/\$(\w)/g, (_match, name: string) => clients.get(name)?.wire.sid ?? '?');

  async function perform(text: string): Promise<void> {
    const [, name = '', sign, frame = ''] = linePattern.exec(text) ?? [];
    const client = clients.get(name);
    if (client === undefined) throw new Error(`no client says ${text}`);
    const { wire } = client;
    if (sign === '!') return wire.cut();
    // Whoever ends a server gets no answer.
    if (sign === '>')
      return wire.send(fill(frame)).catch((error: unknown) => assert(isMortal, String(error)));
    const next = await until(() => {
      while (isIceList(wire.received[client.read] ?? '')) client.read += 1;
      return wire.received[client.read] ?? fail(`nothing comes where there should be ${text}`);
    });
    client.read += 1;
    performance.heard.push(parse(next));
    performance.wanted.push(parse(fill(frame)));
  }

  for (const text of lines.filter((one) => one !== serverEnd)) await perform(text);
  if (isMortal) {
    await Promise.all([...clients.values()].map(({ wire }) => wire.ended));
    return performance;
  }
  // Whatever else would come has come before an answer that is asked for now.
  for (const [name, { wire, read }] of clients) {
    if (transcript.includes(`${name}!`) || transcript.includes(`${name}> 41`)) continue;
    await wire.send('2');
    await until(() => assert(wire.received.includes('3'), 'a ping is not answered'));
    const rest = wire.received.slice(read).filter((frame) => !isIceList(frame) && frame !== '3');
    performance.besides.push(...rest.map((frame) => `${name} hears ${frame}`));
  }
  return performance;
}
