import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openByWebSocket, type OldWire } from './old-frames.ts';
import { createOldPage, until } from './old-page.ts';
import { playTranscript } from './play-transcript.ts';
import { signalmasterDifferences } from './signalmaster-differences.ts';
import { startSignalmaster, type Signalmaster } from './start-signalmaster.ts';
import { transcripts } from './transcripts.ts';
import { waysToConnect } from './ways-to-connect.ts';

/** Where a signalmaster is, with its dependencies. It is nobody's dependency: whoever wants to compare brings one. */
const directory = process.env['SIGNALMASTER'] ?? '';
const secret = 'north';
const config = {
  rooms: { maxClients: 0 },
  stunservers: [{ urls: 'stun:127.0.0.1:3478' }],
  turnservers: [{ urls: ['turn:127.0.0.1:3478'], secret, expiry: 600 }],
};

describe.runIf(directory !== '')('the signalmaster that SIGNALMASTER names', () => {
  // Where nobody brings one there is nothing to skip: a skip is a failure where nobody reads along.
  if (directory === '') return;
  let server: Signalmaster;
  const wires: OldWire[] = [];
  beforeAll(async () => {
    server = await startSignalmaster(directory, config);
  });
  afterEach(async () => {
    for (const wire of wires.splice(0)) wire.cut();
    if (!server.isAlive()) server = await startSignalmaster(directory, config);
  });
  afterAll(() => server.stop());

  function keep(wire: OldWire): OldWire {
    wires.push(wire);
    return wire;
  }

  const differing = new Set(signalmasterDifferences.map((difference) => difference.of));
  const alike = Object.entries(transcripts).filter(([name]) => !differing.has(name));

  describe.each(Object.entries(waysToConnect))('by %s', (_way, connect) => {
    test.for(alike)('%s', async ([, transcript]) => {
      const open = async (): Promise<OldWire> => keep(await connect(server.url));
      const { heard, wanted, besides } = await playTranscript(transcript, open);
      expect(heard).toEqual(wanted);
      expect(besides).toEqual([]);
    });
  });

  test.for(signalmasterDifferences)('$does', async ({ transcript, maxClients = 0 }) => {
    const other = await startSignalmaster(directory, { ...config, rooms: { maxClients } });
    try {
      const open = async (): Promise<OldWire> => keep(await openByWebSocket(other.url));
      const { heard, wanted, besides } = await playTranscript(transcript, open);
      expect(heard).toEqual(wanted);
      expect(besides).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  test('every transcript that is told to differ is one of the suite', () => {
    expect([...differing].filter((name) => name !== undefined && !(name in transcripts))).toEqual([]);
  });

  test('tells everybody of STUN, then of TURN with credentials that time and secret make', async () => {
    const page = createOldPage(keep(await openByWebSocket(server.url)));
    await until(() => expect(page.iceServers()).toHaveLength(2));
    const [stun, turn] = page.iceServers();
    const username = /"username":"(?<time>\d+)"/.exec(JSON.stringify(turn))?.groups?.['time'] ?? '';
    expect(Number(username) - Date.now() / 1_000).toBeGreaterThan(590);
    expect([stun, turn]).toEqual([
      { name: 'stunservers', args: [config.stunservers] },
      {
        name: 'turnservers',
        args: [
          [
            {
              username,
              credential: createHmac('sha1', secret).update(username).digest('base64'),
              urls: ['turn:127.0.0.1:3478'],
            },
          ],
        ],
      },
    ]);
  });

  test.each([
    ['/healthcheck', 200, ''],
    ['/socket.io/', 400, '{"code":0,"message":"Transport unknown"}'],
    ['/socket.io/?EIO=3&transport=polling&sid=nobody', 400, '{"code":1,"message":"Session ID unknown"}'],
  ])('%s is answered as ours answers it', async (path, status, body) => {
    const response = await fetch(`${server.url}${path}`);
    expect([response.status, await response.text()]).toEqual([status, body]);
  });
});
