import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgramWorld, type ProgramWorld, type StartedProgram } from '../program/running-program.ts';
import type { Credential } from '../turn/client/credential.ts';
import { createTurnClient, type TurnClient } from '../turn/client/turn-client.ts';
import { findProgram } from '../turn/servers/find-program.ts';
import { startProgram } from '../turn/servers/running-program.ts';

/** The ports of these tests; the world takes those of signaling from its own. */
export const ports = { listening: 24_041, tls: 24_042, relay: { min: 24_600, max: 24_609 } } as const;

export interface ConnectOptions {
  readonly transport?: 'udp' | 'tcp' | 'tls';
  readonly port?: number;
  /** Where the server is asked. */
  readonly host?: string;
  /** Where the client comes from. */
  readonly localHost?: string;
}

/** Servers that were given files of other programs, and clients, all of which end with it. */
export interface ConfiguredServers extends Pick<ProgramWorld, 'join' | 'peer' | 'end'> {
  /** Callbox, with a `turnserver.conf` of these lines. `DIRECTORY` in them is where the files are. */
  readonly startCallbox: (
    lines: readonly string[],
    options?: {
      readonly files?: Readonly<Record<string, string>>;
      readonly flags?: readonly string[];
      readonly environment?: Readonly<Record<string, string | undefined>>;
    },
  ) => Promise<StartedProgram>;
  /** The same with a configuration of signalmaster. */
  readonly startWithSignalmaster: (
    config: unknown,
    options?: {
      readonly files?: Readonly<Record<string, string>>;
      readonly flags?: readonly string[];
      readonly environment?: Readonly<Record<string, string | undefined>>;
    },
  ) => Promise<StartedProgram>;
  /** coturn itself, with the same lines. */
  readonly startCoturn: (lines: readonly string[]) => Promise<void>;
  readonly connect: (credential: Credential, options?: ConnectOptions) => Promise<TurnClient>;
}

/** What keeps a coturn in a test to itself, and is of no consequence here. */
function listHouseRules(directory: string): readonly string[] {
  return [
    'no-cli',
    'no-dtls',
    'no-rfc5780',
    'simple-log',
    'log-file=stdout',
    `pidfile=${join(directory, 'pid')}`,
    `userdb=${join(directory, 'users.sqlite')}`,
  ];
}

/** What the file says shall not be overruled by the world's own. */
const fileDecides = { CALLBOX_TURN_PORT: undefined, CALLBOX_RELAY_PORTS: undefined };

export function createConfiguredServers(): ConfiguredServers {
  const world = createProgramWorld();
  const leftovers: (() => Promise<unknown>)[] = [];

  async function makeDirectory(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'callbox-configuration-'));
    leftovers.push(() => rm(directory, { recursive: true, force: true }));
    return directory;
  }

  return {
    join: world.join,
    peer: world.peer,
    async startCallbox(lines, { files = {}, flags = [], environment = {} } = {}) {
      const directory = await makeDirectory();
      for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
      const file = join(directory, 'turnserver.conf');
      await writeFile(file, lines.join('\n').replaceAll('DIRECTORY', directory));
      return world.start({
        flags: ['--turnserver-conf', file, ...flags],
        environment: { ...fileDecides, ...environment },
      });
    },
    async startWithSignalmaster(config, { files = {}, flags = [], environment = {} } = {}) {
      const directory = await makeDirectory();
      for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
      const file = join(directory, 'production.json');
      await writeFile(file, JSON.stringify(config));
      return world.start({ flags: ['--signalmaster-config', file, ...flags], environment });
    },
    async startCoturn(lines) {
      const path = findProgram('turnserver');
      if (path === undefined) throw new Error('coturn is not installed');
      const directory = await makeDirectory();
      const file = join(directory, 'turnserver.conf');
      await writeFile(file, [...lines, ...listHouseRules(directory), ''].join('\n'));
      const running = await startProgram({
        path,
        arguments: ['-c', file],
        isReady: (output) => output.includes('SQLite DB connection success'),
      });
      leftovers.push(running.stop);
    },
    async connect(
      credential,
      { transport = 'udp', port = ports.listening, host = '127.0.0.1', localHost } = {},
    ) {
      const client = await createTurnClient({ credential, transport, host, port, localHost });
      let closed: Promise<void> | undefined;
      leftovers.push(() => (closed ??= client.close()));
      return client;
    },
    async end() {
      for (const end of leftovers.splice(0).toReversed()) await end();
      await world.end();
    },
  };
}
