import { execFile, fork, type ChildProcess } from 'node:child_process';
import { Socket as DatagramSocket } from 'node:dgram';
import { createServer, Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const agentFile = join(import.meta.dirname, 'namespace-agent.mjs');

/** A network namespace, seen from the process of the tests. */
export interface Namespace {
  readonly name: string;
  /** What a command line begins with to run in it. */
  readonly prefix: readonly string[];
  /** Runs a program in it to its end. @returns what it wrote. */
  run(program: string, parameters: readonly string[]): Promise<string>;
  /** Binds a UDP socket in it. Port 0 takes any. */
  openUdp(address: string, port: number): Promise<DatagramSocket>;
  /** Connects from it. */
  connectTcp(address: string, port: number): Promise<Socket>;
  /** Leads a port of 127.0.0.1 here to one of 127.0.0.1 there. @returns what ends that. */
  forward(here: number, there: number): Promise<() => void>;
  close(): void;
}

interface Answer {
  readonly id: number;
  readonly failure?: string;
}

interface Pending {
  readonly resolve: (socket: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Takes a namespace that exists into use. */
export async function openNamespace(name: string): Promise<Namespace> {
  const prefix = ['ip', 'netns', 'exec', name];
  const pending = new Map<number, Pending>();
  const agent = await startAgent(prefix, pending);
  let count = 0;
  const request = (kind: 'udp' | 'tcp', address: string, port: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      count += 1;
      pending.set(count, { resolve, reject });
      agent.send({ id: count, kind, address, port });
    });
  const connectTcp: Namespace['connectTcp'] = async (address, port) => {
    const socket = await request('tcp', address, port);
    if (!(socket instanceof Socket)) throw new TypeError('the agent has sent no connection');
    return socket;
  };
  return {
    name,
    prefix,
    run: async (program, parameters) =>
      (await run('ip', [...prefix.slice(1), program, ...parameters])).stdout,
    openUdp: async (address, port) => {
      const socket = await request('udp', address, port);
      if (!(socket instanceof DatagramSocket)) throw new TypeError('the agent has sent no socket');
      return socket;
    },
    connectTcp,
    forward: (here, there) => forward(here, () => connectTcp('127.0.0.1', there)),
    close: () => agent.disconnect(),
  };
}

function startAgent(prefix: readonly string[], pending: Map<number, Pending>): Promise<ChildProcess> {
  const [program = '', ...parameters] = prefix;
  const agent = fork(agentFile, { execPath: program, execArgv: [...parameters, process.execPath] });
  return new Promise((resolve, reject) => {
    agent.once('error', reject);
    agent.once('exit', (code) => {
      const error = new Error(`the agent of ${prefix.join(' ')} ended with ${code}`);
      reject(error);
      for (const request of pending.values()) request.reject(error);
    });
    agent.on('message', ({ id, failure }: Answer, socket) => {
      if (id === 0) resolve(agent);
      const request = pending.get(id);
      pending.delete(id);
      if (failure === undefined) request?.resolve(socket);
      else request?.reject(new Error(failure));
    });
  });
}

async function forward(port: number, connect: () => Promise<Socket>): Promise<() => void> {
  const server = createServer((near) => {
    near.on('error', () => undefined);
    const join = async () => {
      const far = await connect();
      far.on('error', () => near.destroy());
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
      near.pipe(far).pipe(near);
    };
    join().catch(() => near.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return () => void server.close();
}
