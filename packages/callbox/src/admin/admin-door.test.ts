import { stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TurnSession } from '@callbox/turn';
import { ConfigError } from '../config/config-error.ts';
import { createLogger } from '../log/create-logger.ts';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import { adminSocketOf } from './admin-socket.ts';
import { AdminError } from './admin-error.ts';
import { askAdmin } from './ask-admin.ts';
import { runAdminCommand, type AdminCommandName } from './run-admin-command.ts';
import { serveAdmin } from './serve-admin.ts';
import type { RelayAdmin, ServerStatus } from './server-status.ts';

const session: TurnSession = {
  id: 7,
  account: 'bluebluebluetag1.ana',
  transport: 'udp',
  client: { address: '192.0.2.77', port: 50_000 },
  relayed: [{ address: '203.0.113.9', port: 61_234 }],
  createdAtEpochMs: Date.now() - 65_000,
  expiresAtEpochMs: Date.now() + 600_000,
  permissions: 1,
  channels: 0,
  packetsFromClient: 3,
  bytesFromClient: 1_500,
  packetsToClient: 2,
  bytesToClient: 2_500_000,
};

/** A relay of which the sessions end one by one each time it is looked at. */
function makeRelay(sessions: readonly TurnSession[]): RelayAdmin & { readonly isDrained: () => boolean } {
  let living = [...sessions];
  let isDrained = false;
  return {
    sessions: () => living,
    endSession(id) {
      const before = living.length;
      living = living.filter((each) => each.id !== id);
      return living.length < before;
    },
    drain: () => void (isDrained = true),
    isDrained: () => isDrained,
  };
}

function statusOf(relay: RelayAdmin | undefined, counts: Record<string, number> = {}): ServerStatus {
  return {
    version: '1.2.3',
    roles: ['turn'],
    uptimeSeconds: 90_061,
    rooms: { rooms: 1, participants: 2, unwritten: 0 },
    extensions: [{ title: 'Old pages', summary: '3 connected', counters: { relayed: 5, refused: 0 } }],
    relay:
      relay === undefined
        ? undefined
        : {
            refuses: undefined,
            gauges: { allocations: relay.sessions().length },
            plane: 'linux',
            workers: [
              { pid: 4711, relays: 3, cores: 0.456, packets: 90_000 },
              { relays: 0, cores: 0, packets: 0 },
            ],
            counters: { success_allocate: 4, error_486: 0, ...counts },
            budget: { month: '2026-11', sentOctets: 25e9, limitOctets: 500e9 },
          },
  };
}

/** A door in a directory of its own, and commands given through it. */
async function open(relay: RelayAdmin | undefined = makeRelay([session])) {
  const dataDirectory = await makeTemporaryDirectory();
  const logged: string[] = [];
  const serve = () =>
    serveAdmin({
      dataDirectory,
      status: () => statusOf(relay),
      relay: () => relay,
      logger: createLogger({ level: 'info', format: 'text', write: (line) => logged.push(line) }),
    });
  const door = await serve();
  onTestFinished(() => door?.close());
  return { dataDirectory, door, logged, serve, run: (line: string) => run(dataDirectory, line) };
}

async function run(dataDirectory: string, line: string): Promise<string> {
  const [name = '', ...rest] = line.split(' ');
  const flags = new Map(
    rest.filter((word) => word.startsWith('--')).map((word) => word.slice(2).split('=') as [string, string]),
  );
  let output = '';
  await runAdminCommand({
    name: name as AdminCommandName,
    line: { words: rest.filter((word) => !word.startsWith('--')), flags },
    dataDirectory,
    write: (text) => (output += text),
  });
  return output;
}

describe('the operator’s commands', () => {
  test('status says what runs, for how long, what it carries and what it has counted', async () => {
    const { run: give } = await open();
    const text = await give('status');
    expect(text).toContain('1.2.3 (turn), up 1 d 1 h');
    expect(text).toContain('1, with 2 participants');
    expect(text).toMatch(/Old pages +3 connected\n +relayed +5\n/);
    expect(text).toContain('1 allocations');
    expect(text).toContain('25.0 GB sent in 2026-11 (UTC), 5 % of 500 GB');
    expect(text).toMatch(
      /Carried by +the server and 2 other processes, on the linux plane\n +process 4711: 3 relays, 46 % of a core, 90000 packets\n +one that is not there yet: 0 relays/,
    );
    expect(text).toContain('success_allocate  4');
    expect(text).not.toContain('error_486');
    expect(JSON.parse(await give('status --json'))).toMatchObject({ relay: { counters: { error_486: 0 } } });
  });

  test('sessions shows who is relayed, without the tag of the room and with half an address', async () => {
    const { run: give } = await open();
    const [head, row, ...rest] = (await give('sessions')).split('\n');
    expect(head?.split(/ {2,}/)).toEqual([
      'id',
      'participant',
      'by',
      'client',
      'relayed',
      'for',
      'from client',
      'to client',
    ]);
    expect(row?.split(/ {2,}/)).toEqual([
      '7',
      'ana',
      'udp',
      '192.0.2.x:50000',
      '203.0.113.9:61234',
      expect.stringMatching(/^1 min \d+ s$/),
      '1.5 kB',
      '2.5 MB',
    ]);
    expect(rest).toEqual(['']);
    expect(await give('sessions --addresses')).toContain('192.0.2.77:50000');
    expect(await give('sessions --json')).not.toContain('192.0.2.77');
    expect(JSON.parse(await give('sessions --json --addresses'))).toEqual([session]);
  });

  test('sessions end ends one, once', async () => {
    const { run: give, logged } = await open();
    expect(await give('sessions end 7')).toBe('Session 7 is ended.\n');
    expect(await give('sessions')).toBe('The relay carries nothing.\n');
    await expect(give('sessions end 7')).rejects.toThrow(new AdminError('no session has the id 7'));
    expect(logged).toHaveLength(1);
  });

  test.each(['sessions end x', 'sessions end 7/8', 'sessions end ../status'])(
    '%s ends nothing',
    async (line) => {
      const { run: give } = await open();
      await expect(give(line)).rejects.toThrow('no session has the id');
      expect(await give('sessions')).toContain('ana');
    },
  );

  test.each(['sessions stop 7', 'sessions end', 'sessions end 7 8', 'drain --wait=long'])(
    '%s is written wrongly',
    async (line) => {
      const { run: give } = await open();
      await expect(give(line)).rejects.toThrow(ConfigError);
    },
  );

  test('drain drains, and says how many are left', async () => {
    const relay = makeRelay([session]);
    const { run: give } = await open(relay);
    expect(await give('drain')).toBe('The relay takes nobody new. Left: 1\n');
    expect(relay.isDrained()).toBe(true);
  });

  test('drain with a wait ends when the last has gone, or fails when the time is over', async () => {
    const relay = makeRelay([session]);
    const { run: give } = await open(relay);
    await expect(give('drain --wait=0')).rejects.toThrow('after 0 seconds there are still 1 left');
    setTimeout(() => relay.endSession(7), 50);
    expect(await give('drain --wait=10')).toBe(
      'The relay takes nobody new. Left: 1\nLeft: 0\nThe relay is empty.\n',
    );
  });

  test('where no relay runs, only status has an answer', async () => {
    const dataDirectory = await makeTemporaryDirectory();
    const door = await serveAdmin({
      dataDirectory,
      status: () => statusOf(undefined),
      relay: () => undefined,
      logger: createLogger({ level: 'info', format: 'text', write: () => {} }),
    });
    onTestFinished(() => door?.close());
    expect(await run(dataDirectory, 'status')).toContain('Rooms');
    for (const line of ['sessions', 'sessions end 7', 'drain']) {
      await expect(run(dataDirectory, line)).rejects.toThrow('no relay runs in this server');
    }
  });

  test('what is no command is refused', async () => {
    const { dataDirectory } = await open();
    for (const [method, target] of [
      ['GET', '/'],
      ['GET', '//'],
      ['POST', '/status'],
      ['GET', '/drain'],
      ['DELETE', '/sessions'],
    ] as const) {
      await expect(askAdmin(dataDirectory, method, target)).rejects.toThrow('there is no such command');
    }
  });
});

describe('the door', () => {
  test('can be opened by its owner only', async () => {
    const { dataDirectory } = await open();
    const { mode } = await stat(join(dataDirectory, 'admin.sock'));
    expect(mode & 0o777).toBe(0o600);
  });

  test('is gone when it is closed, and then no server runs here', async () => {
    const { dataDirectory, door } = await open();
    await door?.close();
    await expect(run(dataDirectory, 'status')).rejects.toThrow(
      new AdminError(`no server runs with the data directory ${dataDirectory}; --data-dir names another`),
    );
    await door?.close().catch(() => {});
  });

  test('of a server that crashed is replaced', async () => {
    const dataDirectory = await makeTemporaryDirectory();
    await leaveSocketBehind(join(dataDirectory, 'admin.sock'));
    await expect(run(dataDirectory, 'status')).rejects.toThrow('no server runs with the data directory');
    const door = await serveAdmin({
      dataDirectory,
      status: () => statusOf(undefined),
      relay: () => undefined,
      logger: createLogger({ level: 'info', format: 'text', write: () => {} }),
    });
    onTestFinished(() => door?.close());
    expect(await run(dataDirectory, 'status')).toContain('1.2.3');
  });

  test('of a living server stays its own', async () => {
    const { serve, logged, run: give } = await open();
    expect(await serve()).toBeUndefined();
    expect(logged.join('')).toContain('another server answers');
    expect(await give('status')).toContain('1.2.3');
  });

  test('that hangs is not waited for', { timeout: 15_000 }, async () => {
    const dataDirectory = await makeTemporaryDirectory();
    const mute = createServer().listen(join(dataDirectory, 'admin.sock'));
    await once(mute, 'listening');
    onTestFinished(() => void mute.close());
    await expect(run(dataDirectory, 'status')).rejects.toThrow('the server does not answer');
  });

  test('has no place where the path is too long, or the system has no such sockets', () => {
    expect(adminSocketOf(`/${'x'.repeat(93)}`, 'linux')).toMatchObject({ kind: 'none' });
    expect(adminSocketOf(`/${'x'.repeat(91)}`, 'linux')).toMatchObject({ kind: 'path' });
    expect(adminSocketOf('C:\\data', 'win32')).toMatchObject({ kind: 'none' });
  });
});

/** A process that is killed cannot take its socket away. */
async function leaveSocketBehind(path: string): Promise<void> {
  const script = `${path}.mjs`;
  await writeFile(
    script,
    `import { createServer } from 'node:net';
    createServer().listen(${JSON.stringify(path)}, () => process.send('listening'));`,
  );
  const child = fork(script);
  await once(child, 'message');
  child.kill('SIGKILL');
  await once(child, 'exit');
}
