import assert, { fail } from 'node:assert';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openLegacyTarget, type LegacyTarget } from './legacy-target.ts';
import { openByPolling, openByWebSocket, type OldWire } from './old-frames.ts';
import { freshRoom, until } from './old-page.ts';
import { transcripts } from './transcripts.ts';

let target: LegacyTarget;
const wires: OldWire[] = [];
beforeAll(async () => {
  target = await openLegacyTarget();
});
afterEach(() => {
  for (const wire of wires.splice(0)) wire.cut();
});
afterAll(() => target.close());

/** How clients come; the last answers in text and posts octets, as no client does, and may. */
const ways = {
  WebSocket: openByWebSocket,
  'polling, as socket.io-client 1.7 does': openByPolling,
  'polling, as socket.io-client 1.3 does': (url: string) => openByPolling(url, { postsOctets: true }),
  'polling for text': (url: string) => openByPolling(url, { asText: true }),
};

const line = /^(\w)([<>!])(?: (.*))?$/;
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

/** What was heard where a transcript says what is to be heard, and what else. */
interface Performance {
  readonly heard: unknown[];
  readonly wanted: unknown[];
  readonly besides: string[];
}

async function play(transcript: string, open: (url: string) => Promise<OldWire>): Promise<Performance> {
  const clients = new Map<string, { readonly wire: OldWire; read: number }>();
  const rooms = { ROOM: freshRoom(), OTHER: freshRoom() };
  const performance: Performance = { heard: [], wanted: [], besides: [] };
  for (const name of new Set(transcript.match(/^\s*\w(?=[<>!])/gm)?.map((start) => start.trim()))) {
    const wire = await open(target.url);
    wires.push(wire);
    // The handshake, the namespace, and both lists.
    await until(() => assert(wire.received.length >= 4, 'the server says nothing'));
    clients.set(name, { wire, read: 4 });
  }

  const fill = (text: string): string =>
    text
      .replaceAll(/\$(ROOM|OTHER)/g, (_match, name: 'ROOM' | 'OTHER') => rooms[name])
      .replaceAll(/\$(\w)/g, (_match, name: string) => clients.get(name)?.wire.sid ?? '?');

  for (const text of transcript.trim().split('\n')) {
    const [, name = '', sign, frame = ''] = line.exec(text.trim()) ?? [];
    const client = clients.get(name);
    if (client === undefined) throw new Error(`no client says ${text}`);
    const { wire } = client;
    if (sign === '!') wire.cut();
    else if (sign === '>') await wire.send(fill(frame));
    else {
      const next = await until(() => {
        while (isIceList(wire.received[client.read] ?? '')) client.read += 1;
        return wire.received[client.read] ?? fail(`nothing comes where there should be ${text.trim()}`);
      });
      client.read += 1;
      performance.heard.push(parse(next));
      performance.wanted.push(parse(fill(frame)));
    }
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

describe.each(Object.entries(ways))('by %s', (_way, open) => {
  test.for(Object.entries(transcripts))('%s', async ([, transcript]) => {
    const { heard, wanted, besides } = await play(transcript, open);
    expect(heard).toEqual(wanted);
    expect(besides).toEqual([]);
  });
});
