import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, createProgram, loadConfig, type Config, type Program } from 'callbox';
import type { TransportAddress } from '@callbox/stun';
import { createSignalingClient, opened, type ConnectOptions } from '../signaling/signaling-client.ts';
import { allocate, type Allocation } from '../turn/allocation.ts';
import type { Credential } from '../turn/client/credential.ts';
import { createPeer, type Peer } from '../turn/client/peer.ts';
import { createTurnClient, type TurnClient } from '../turn/client/turn-client.ts';
import { transportAddress } from '../turn/client/transport-address.ts';

/** Where the program listens and relays; its guests are at other addresses of loopback. */
export const serverHost = '127.0.0.1';

interface Closable {
  readonly close: () => unknown;
}

export interface StartedProgram {
  readonly program: Program;
  readonly config: Config;
  readonly dataDirectory: string;
  readonly turnPort: number;
  readonly signalPort: number;
  /** What it has reported, one JSON object each. */
  readonly reports: readonly string[];
}

export interface StartOptions {
  readonly flags?: readonly string[];
  /** Files that its data directory holds before it starts. */
  readonly files?: Readonly<Record<string, string>>;
  /** In place of the usual environment, name by name. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Somebody in a room. */
export interface Guest {
  readonly host: string;
  readonly credential: Credential;
  /** The URLs of the ICE servers they were given. */
  readonly urls: readonly string[];
  readonly allocate: (transport?: 'udp' | 'tcp') => Promise<Allocation>;
  /** The names of what the server has told them since they joined. */
  readonly heard: () => readonly string[];
  readonly leave: () => void;
}

/** Real programs and their guests, all of which end with the world. */
export interface ProgramWorld {
  readonly start: (options?: StartOptions) => Promise<StartedProgram>;
  /** Comes from this address and joins the room. */
  readonly join: (at: StartedProgram, room: string, host: string) => Promise<Guest>;
  /** Has credentials and is in no room. */
  readonly client: (
    at: Pick<StartedProgram, 'turnPort'>,
    credential: Credential,
    host: string,
    choice?: { readonly transport?: 'udp' | 'tcp'; readonly localPort?: number },
  ) => Promise<TurnClient>;
  readonly peer: (host: string) => Promise<Peer>;
  readonly end: () => Promise<void>;
}

let nextPort = 24_100;

export function createProgramWorld(): ProgramWorld {
  const leftovers: Closable[] = [];
  function keep<T extends Closable>(thing: T): T {
    leftovers.push(thing);
    return thing;
  }

  const world: ProgramWorld = {
    async start({ flags = [], files = {}, environment = {} } = {}) {
      const dataDirectory = await mkdtemp(join(tmpdir(), 'callbox-program-'));
      keep({ close: () => rm(dataDirectory, { recursive: true }) });
      for (const [name, text] of Object.entries(files)) await writeFile(join(dataDirectory, name), text);
      const [anySignalPort, anyTurnPort] = [nextPort, nextPort + 1];
      nextPort += 2;
      const command = await loadConfig([...flags], {
        CALLBOX_HOST: serverHost,
        CALLBOX_ROLES: 'turn,signaling',
        CALLBOX_SIGNAL_PORT: String(anySignalPort),
        CALLBOX_TURN_PORT: String(anyTurnPort),
        CALLBOX_RELAY_PORTS: '24500-24999',
        CALLBOX_DATA_DIR: dataDirectory,
        ...environment,
      });
      if (command.wants !== 'start') throw new Error(`wants ${command.wants}`);
      const reports: string[] = [];
      const logger = createLogger({
        level: 'debug',
        format: 'json',
        write: (line) => void reports.push(line),
      });
      const program = createProgram(command.config, { logger });
      keep({ close: () => program.stop() });
      await program.start();
      const { turnPort, signalPort } = command.config;
      return { program, config: command.config, dataDirectory, turnPort, signalPort, reports };
    },

    async join(at, room, host) {
      // Node's engine.io client passes this on to the socket; its types are those of browsers.
      const fromThere = { localAddress: host } as ConnectOptions;
      const url = `http://${serverHost}:${at.signalPort}`;
      const client = createSignalingClient(url, fromThere);
      const { socket, heard } = client;
      keep({ close: () => socket.disconnect() });
      await opened(socket);
      const answer = await client.join(room);
      if (!answer.ok) throw new Error(JSON.stringify(answer.error));
      const { iceServers } = answer.value['ice'] as { readonly iceServers: readonly IceServer[] };
      const { username = '', credential = '' } = iceServers.find((server) => 'username' in server) ?? {};
      const signer = { username, password: credential };
      return {
        host,
        credential: signer,
        urls: iceServers.flatMap(({ urls }) => urls),
        allocate: async (transport = 'udp') => allocate(await world.client(at, signer, host, { transport })),
        heard: () => heard.map(({ name }) => name),
        leave: () => void socket.disconnect(),
      };
    },

    async client({ turnPort }, credential, localHost, { transport = 'udp', localPort } = {}) {
      const where = { host: serverHost, port: turnPort, localHost, localPort };
      const client = await createTurnClient({ credential, transport, ...where });
      let closed: Promise<void> | undefined;
      // A test may have closed it before the world does.
      return keep({ ...client, close: () => (closed ??= client.close()) });
    },
    peer: async (host) => keep(await createPeer(host)),
    async end() {
      for (const thing of leftovers.splice(0).toReversed()) await thing.close();
    },
  };
  return world;
}

interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

export function peerAt(host: string, port = 5_000): TransportAddress {
  return transportAddress(host, port);
}
