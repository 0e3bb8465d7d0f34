import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../until.ts';
import { findFreePort } from './free-port.ts';
import type { CertifiedKey } from './test-authority.ts';

const main = join(import.meta.dirname, '../../packages/callbox/dist/main.js');

/** The ports of one Callbox. */
export interface ProgramPorts {
  readonly port: number;
  readonly signalPort: number;
  readonly turnPort: number;
}

/** A running Callbox, with a data folder and ports of its own. */
export interface Program extends ProgramPorts {
  /** Where somebody on this machine finds its pages: `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Where it keeps its data. */
  readonly dataDirectory: string;
  /** All it has written so far. */
  output(): string;
  /** What its relay has counted so far, by name. */
  figures(): Promise<Readonly<Record<string, number>>>;
  /** The other processes that carry packets for its relay, and how many each has carried. */
  workers(): Promise<readonly { readonly relays: number; readonly packets: number }[]>;
  /** Ends it as a crash does: at once, without a word to anybody. */
  kill(): Promise<void>;
  /** Asks it to end, as Ctrl-C does; what it keeps stays. */
  quit(): Promise<void>;
  /** Starts it again after a `kill` or a `quit`, with the same ports; resolves when it is well. */
  revive(change?: Revival): Promise<void>;
  /** Stops its process where it stands, as a machine does that is out of breath; `thaw` lets it go on. */
  freeze(): void;
  thaw(): void;
  /** Asks it to end, as Ctrl-C does, removes what it kept, and resolves with its exit code; 0 for one that was killed. */
  stop(): Promise<number | null>;
}

/** What is different after a revival. */
export interface Revival {
  /** Its data directory is empty. */
  readonly forgetful?: boolean;
  /** The built program to run in place of this repository's: the path of its `main.js`. */
  readonly main?: string;
}

export interface ProgramOptions {
  /** Options beside the ports and the data folder; some name a port. */
  readonly flags?: readonly string[] | ((ports: ProgramPorts) => readonly string[]);
  /** The port of signaling for pages that are served elsewhere. Default: one that is free. */
  readonly signalPort?: number;
  /** The certificate to serve with. Without it: one of the program's own making. */
  readonly certificate?: CertifiedKey;
  /** The host of the test internet that it runs on, with the ports 443, 8888 and 3478. Without it: this machine. */
  readonly host?: ProgramHost;
}

/** Where a program runs that does not run on this machine. */
export interface ProgramHost {
  /** What a command line begins with to run there. */
  readonly prefix: readonly string[];
  /** Leads a port of 127.0.0.1 here to one of 127.0.0.1 there. @returns what ends that. */
  forward(here: number, there: number): Promise<() => void>;
}

/** Where nobody else is, the ports can be those that a proxy lets through and that everybody knows. */
const usualPorts: ProgramPorts = { port: 443, signalPort: 8888, turnPort: 3478 };

/** Starts the built program, and waits until it says that it is well. */
export async function startProgram(options: ProgramOptions = {}): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'callbox-program-'));
  const dataDirectory = join(folder, 'data');
  const { host } = options;
  const foundPorts = host === undefined ? await findPorts() : usualPorts;
  const ports = { ...foundPorts, signalPort: options.signalPort ?? foundPorts.signalPort };
  const flags = [
    '--port',
    String(ports.port),
    '--signal-port',
    String(ports.signalPort),
    '--turn-port',
    String(ports.turnPort),
    '--data-dir',
    dataDirectory,
    ...(options.certificate === undefined ? [] : await keepCertificate(folder, options.certificate)),
    ...(typeof options.flags === 'function' ? options.flags(ports) : (options.flags ?? [])),
  ];
  const door = host === undefined ? ports.port : await findFreePort();
  const closeDoor = await host?.forward(door, ports.port);
  const origin = `http://127.0.0.1:${door}`;
  let output = '';

  function run(program: string): { readonly child: ChildProcess; readonly exit: Promise<number | null> } {
    const line: readonly string[] = [...(host?.prefix ?? []), process.execPath, program, ...flags];
    const [command = process.execPath, ...parameters] = line;
    const started = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
    };
    started.stdout.on('data', keep);
    started.stderr.on('data', keep);
    return { child: started, exit: new Promise((resolve) => started.once('exit', resolve)) };
  }

  async function waitUntilWell(): Promise<void> {
    try {
      await waitUntilHealthy(origin, running.child, () => output);
    } catch (error) {
      running.child.kill('SIGKILL');
      throw error;
    }
  }

  async function quit(): Promise<number | null> {
    if (killed) return 0;
    running.child.kill('SIGCONT');
    running.child.kill('SIGINT');
    const timer = setTimeout(() => running.child.kill('SIGKILL'), 10_000);
    const code = await running.exit;
    clearTimeout(timer);
    return code;
  }

  let running = run(main);
  let killed = false;
  await waitUntilWell();
  return {
    ...ports,
    origin,
    dataDirectory,
    output: () => output,
    figures: () => readFigures(running.child, () => output),
    workers: async () => {
      const words = [main, 'status', '--json', '--data-dir', dataDirectory];
      const { stdout } = await promisify(execFile)(process.execPath, words);
      const status = JSON.parse(stdout) as { relay: { workers: { relays: number; packets: number }[] } };
      return status.relay.workers;
    },
    kill: async () => {
      killed = true;
      running.child.kill('SIGKILL');
      await running.exit;
    },
    revive: async (change = {}) => {
      if (change.forgetful === true) await rm(dataDirectory, { recursive: true, force: true });
      running = run(change.main ?? main);
      killed = false;
      await waitUntilWell();
    },
    freeze: () => void running.child.kill('SIGSTOP'),
    thaw: () => void running.child.kill('SIGCONT'),
    quit: async () => void (await quit()),
    stop: async () => {
      const code = await quit();
      closeDoor?.();
      await rm(folder, { recursive: true, force: true });
      return code;
    },
  };
}

/** Has the program log the figures of its relay, and reads them. */
async function readFigures(child: ChildProcess, output: () => string): Promise<Record<string, number>> {
  const linesNow = () =>
    output()
      .split('\n')
      .filter((line) => line.includes('"figures of the relay"'));
  const before = linesNow().length;
  child.kill('SIGUSR2');
  const line = await until('the figures of the relay', () => {
    const written = linesNow()[before];
    return written === undefined
      ? { found: false, seen: output().slice(-500) }
      : { found: true, value: written };
  });
  const entries: [string, unknown][] = Object.entries(JSON.parse(line) as object);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

async function findPorts(): Promise<ProgramPorts> {
  return { port: await findFreePort(), signalPort: await findFreePort(), turnPort: await findFreePort() };
}

async function keepCertificate(folder: string, { cert, key }: CertifiedKey): Promise<string[]> {
  const files = { cert: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
  await Promise.all([writeFile(files.cert, cert), writeFile(files.key, key)]);
  return ['--cert', files.cert, '--key', files.key];
}

async function waitUntilHealthy(origin: string, child: ChildProcess, output: () => string): Promise<void> {
  await until('the program to be healthy', async () => {
    if (child.exitCode !== null)
      throw new Error(`the program ended with code ${child.exitCode}:\n${output()}`);
    try {
      const response = await fetch(`${origin}/healthz`);
      if (response.status === 200) return { found: true, value: null };
      return { found: false, seen: response.status };
    } catch (error) {
      return { found: false, seen: String(error) };
    }
  });
}
