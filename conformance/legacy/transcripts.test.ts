import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openLegacyTarget, type LegacyTarget } from './legacy-target.ts';
import type { OldWire } from './old-frames.ts';
import { playTranscript } from './play-transcript.ts';
import { transcripts } from './transcripts.ts';
import { waysToConnect } from './ways-to-connect.ts';

let target: LegacyTarget;
const wires: OldWire[] = [];
beforeAll(async () => {
  target = await openLegacyTarget();
});
afterEach(() => {
  for (const wire of wires.splice(0)) wire.cut();
});
afterAll(() => target.close());

describe.each(Object.entries(waysToConnect))('by %s', (_way, connect) => {
  async function open(): Promise<OldWire> {
    const wire = await connect(target.url);
    wires.push(wire);
    return wire;
  }

  test.for(Object.entries(transcripts))('%s', async ([, transcript]) => {
    const { heard, wanted, besides } = await playTranscript(transcript, open);
    expect(heard).toEqual(wanted);
    expect(besides).toEqual([]);
  });
});
