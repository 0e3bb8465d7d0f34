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
export async function runTester(target: TurnTarget, flags: readonly string[]): Promise<TesterReport> {
  const { username, password } = target.credential;
  const server = ['-u', username, '-w', password, '-p', String(target.port), target.host];
  const echo = await echoAddress();
  const peer = ['-e', echo.host, '-r', String(echo.port)];
  const child = spawn(programPath('turnutils_uclient'), [...flags, ...peer, ...server], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  await once(child, 'close');
  const numberAfter = (pattern: RegExp): number => {
    const found = [...output.matchAll(pattern)].at(-1)?.[1];
    if (found === undefined)
      throw new Error(`the tester ended with ${child.exitCode} and no report:\n${output}`);
    return Number(found);
  };
  return {
    exitCode: child.exitCode,
    sent: numberAfter(/tot_send_msgs=(\d+)/gu),
    received: numberAfter(/tot_recv_msgs=(\d+)/gu),
    lost: numberAfter(/Total lost packets (\d+)/gu),
  };
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
