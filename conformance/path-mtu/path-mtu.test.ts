import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../floods/bundle.ts';
import type { BundledPrograms } from '../../packages/turn/src/testing/bundle-programs.ts';
import { findObstacle } from '../floods/network.ts';
import { startInNamespace, type ProgramInNamespace } from '../floods/program-in-namespace.ts';
import type { PartyCommand, PartyReport, Place } from './messages.ts';
import {
  createNarrowNetwork,
  FAR_IP,
  NARROW_MTU,
  NEAR_IP,
  SERVER_IP,
  type NarrowNetwork,
} from './network.ts';

const IP_AND_UDP = 28;
/** On a channel it just fits. As a Data indication, which has 32 octets more, it does not. */
const FITS_ON_CHANNEL = NARROW_MTU - IP_AND_UDP - 4;
/** A sender on an ordinary network may send that much; the narrow one does not take it, however it is wrapped. */
const TOO_LONG = 1_400;
const COUNT = 10;
const ALL = Array.from({ length: COUNT }, (_, number) => number);
/** How many may be lost until all have heard of the narrow place: the one that finds it, and what is under way. */
const MAX_LOST = 2;
const PATIENCE = { timeout: 10_000, interval: 100 };

type Party = ProgramInNamespace<PartyCommand, PartyReport>;

interface Stage {
  /** On the server's side of the narrow place, and behind it: a client and a peer each. */
  readonly near: Party;
  readonly far: Party;
  readonly counters: () => Promise<Readonly<Record<string, number>>>;
}

const obstacle = findObstacle();
if (obstacle !== undefined) process.stderr.write(`\nSKIPPED: path MTU: ${obstacle}\n\n`);
test.runIf(process.env['CI'] === 'true')('a narrow network can be made here', () => {
  expect(obstacle).toBeUndefined();
});

describe.runIf(obstacle === undefined).each([
  ['the linux plane', { plane: 'linux' }],
  ['the linux plane with two workers', { plane: 'linux', workers: 2 }],
  ['the dgram plane', { plane: 'dgram' }],
])('through a link that takes less than the others, %s', (_name, options) => {
  let programs: BundledPrograms;
  let network: NarrowNetwork | undefined;
  let stage: Stage;
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    programs = await bundle(['party'], import.meta.url);
  });
  afterAll(() => programs.remove());
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    network?.remove();
  });

  async function start<Command extends object, Report>(
    inside: readonly string[],
    path: string,
    ...given: readonly string[]
  ): Promise<ProgramInNamespace<Command, Report>> {
    const place = { inside, core: 0, niceness: 0, path, arguments: given };
    const program = await startInNamespace<Command, Report>(place);
    stops.push(program.stop);
    return program;
  }

  /** What a path takes is remembered by the kernel: each time another one. */
  async function openStage(): Promise<Stage> {
    network = createNarrowNetwork();
    const { onServer, onRouter, behind } = network;
    const path = fileURLToPath(new URL('server.mjs', import.meta.url));
    const server = await start<object, { readonly port: number } & Readonly<Record<string, number>>>(
      onServer,
      path,
      SERVER_IP,
      JSON.stringify(options),
    );
    const { port } = server.first;
    const party = (inside: readonly string[], ip: string): Promise<Party> =>
      start(inside, programs.path('party'), ip, SERVER_IP, String(port));
    return {
      near: await party(onRouter, NEAR_IP),
      far: await party(behind, FAR_IP),
      counters: () => server.ask({}),
    };
  }

  function peerOf({ first }: Party): Place {
    if (first.kind !== 'ready') throw new Error('no peer');
    return first.peer;
  }

  async function allocate(party: Party, peer: Place, hasChannel: boolean): Promise<Place> {
    const report = await party.ask({ kind: 'allocate', peer, hasChannel });
    if (report.kind !== 'relayed') throw new Error('no allocation');
    return report.relayed;
  }

  /** Sends them one after the other, and gives the numbers of those that have come whole. */
  async function heardOf(
    sender: Party,
    listener: Party,
    sending: Omit<Extract<PartyCommand, { kind: 'send' }>, 'kind' | 'count'>,
  ): Promise<readonly number[]> {
    await sender.ask({ kind: 'send', count: COUNT, ...sending });
    const heard: number[] = [];
    const last = COUNT - 1;
    await expect
      .poll(async () => {
        const report = await listener.ask({ kind: 'heard' });
        if (report.kind === 'heard') heard.push(...(sending.as === 'peer' ? report.byClient : report.byPeer));
        return heard;
      }, PATIENCE)
      .toContain(last);
    return heard;
  }

  test('what fits on a channel goes through at once, and what does not fit as an indication is taken apart by IP as soon as that is known', async () => {
    stage = await openStage();
    const { near, far } = stage;
    const [peer, onChannel] = [peerOf(near), await allocate(far, peerOf(near), true)];
    const sending = { as: 'peer', to: onChannel, bytes: FITS_ON_CHANNEL, everyMs: 30 } as const;
    expect(await heardOf(near, far, sending)).toEqual(ALL);
    const byIndication = await allocate(far, peer, false);
    const heard = await heardOf(near, far, { ...sending, to: byIndication });
    // The router has said what it takes, by ICMP, to the server: whoever sends through the relay hears nothing of it.
    expect(ALL.filter((number) => !heard.includes(number)).length).toBeGreaterThan(0);
    expect(heard.length).toBeGreaterThanOrEqual(COUNT - MAX_LOST);
    expect(heard).toEqual(ALL.slice(-heard.length));
  });

  test('what is longer than the link takes arrives whole at a client, and at a peer, also when it is sent in one go', async () => {
    stage = await openStage();
    const { near, far, counters } = stage;
    const toFar = await allocate(far, peerOf(near), true);
    const fromPeer = await heardOf(near, far, { as: 'peer', to: toFar, bytes: TOO_LONG, everyMs: 30 });
    expect(fromPeer).toEqual(ALL.slice(-fromPeer.length));
    expect(fromPeer.length).toBeGreaterThanOrEqual(COUNT - MAX_LOST);
    await allocate(near, peerOf(far), true);
    const toPeer = { as: 'client', to: toFar, bytes: TOO_LONG } as const;
    // By now the server knows the path.
    expect(await heardOf(near, far, { ...toPeer, everyMs: 0 })).toEqual(ALL);
    expect(await heardOf(near, far, { ...toPeer, everyMs: 30 })).toEqual(ALL);
    // In one go to the client, too.
    expect(await heardOf(near, far, { as: 'peer', to: toFar, bytes: TOO_LONG, everyMs: 0 })).toEqual(ALL);
    // What the kernel has said of one packet is not held against others.
    const counted = await counters();
    expect(counted['socket_errors'] ?? 0).toBeLessThanOrEqual(2 * MAX_LOST);
    expect(counted['dropped_queue_full']).toBe(0);
  });
});
