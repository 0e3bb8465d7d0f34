import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createPeer } from '../client/peer.ts';
import { transportAddress } from '../client/transport-address.ts';
import type { TurnTarget } from '../turn-target.ts';
import { findProgram } from './find-program.ts';
import { startProgram, type RunningProgram } from './running-program.ts';
import { testWorld } from './test-world.ts';

/** What coturn's tester says at its end. */
export interface TesterReport {
  readonly exitCode: number | null;
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
}

/** How a run of the tester ended, in few words: two servers that end it alike have been found alike. */
export interface TesterOutcome {
  readonly ending: string;
  /** What it was refused, each once: `channel bind error 443`. */
  readonly refusals: readonly string[];
}

/** Which way the tester comes to the server. */
export interface TesterWay {
  readonly isTls?: boolean;
  /** The client's side over IPv6. */
  readonly isOverIpv6?: boolean;
  /** When a run is cut off; 100 s without it. */
  readonly deadlineMs?: number;
}

const RUN_DEADLINE_MS = 100_000;

/** coturn's echo: the peer that its tester talks to. */
export async function startEchoPeer(): Promise<RunningProgram> {
  const { host, port } = await echoAddress();
  const probe = await createPeer(host);
  try {
    return await startProgram({
      path: programPath('turnutils_peer'),
      arguments: ['-L', host, '-p', String(port)],
      isReady: () => {
        probe.send(transportAddress(host, port), Uint8Array.of(1));
        return probe.received.rest.length > 0;
      },
    });
  } finally {
    await probe.close();
  }
}

/** Runs coturn's tester against a server; rejects with its output where it has not made a report. */
export async function runTester(
  target: TurnTarget,
  flags: readonly string[],
  way: TesterWay = {},
): Promise<TesterReport> {
  const { exitCode, output } = await run(target, flags, way);
  const numberAfter = (pattern: RegExp): number => {
    const found = lastNumber(output, pattern);
    if (found === undefined) throw new Error(`the tester ended with ${exitCode} and no report:\n${output}`);
    return found;
  };
  return {
    exitCode,
    sent: numberAfter(/tot_send_msgs=(\d+)/gu),
    received: numberAfter(/tot_recv_msgs=(\d+)/gu),
    lost: numberAfter(LOST),
  };
}

/** The same for runs that are meant to go wrong in places. */
export async function runTesterToItsEnd(
  target: TurnTarget,
  flags: readonly string[],
  way: TesterWay = {},
): Promise<TesterOutcome> {
  const { exitCode, output } = await run(target, flags, way);
  const refusals = [...output.matchAll(/(?:channel bind|create permission|allocate|refresh):? error \d+/gu)];
  return {
    ending: `exit code ${exitCode}, ${lastNumber(output, LOST) === undefined ? 'no report' : 'a report'}`,
    refusals: [...new Set(refusals.map(([text]) => text.replace(': ', ' ')))].sort(),
  };
}

const LOST = /Total lost packets (\d+)/gu;

function lastNumber(output: string, pattern: RegExp): number | undefined {
  const found = [...output.matchAll(pattern)].at(-1)?.[1];
  return found === undefined ? undefined : Number(found);
}

async function run(
  target: TurnTarget,
  flags: readonly string[],
  { isTls = false, isOverIpv6 = false, deadlineMs = RUN_DEADLINE_MS }: TesterWay,
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const { username, password } = target.credential;
  const port = isTls ? target.tlsPort : target.port;
  const host = isOverIpv6 ? target.host6 : target.host;
  const echo = await echoAddress();
  const ways = isTls ? ['-t', '-S'] : [];
  const peer = ['-e', echo.host, '-r', String(echo.port)];
  const server = ['-u', username, '-w', password, '-p', String(port), String(host)];
  const child = spawn(programPath('turnutils_uclient'), [...flags, ...ways, ...peer, ...server], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  await once(child, 'close');
  return { exitCode: child.exitCode, output };
}

async function echoAddress(): Promise<{ readonly host: string; readonly port: number }> {
  const { peerHosts, ports } = await testWorld();
  return { host: peerHosts[0], port: ports.echoPeer };
}

function programPath(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  return path;
}
