import { setTimeout as sleep } from 'node:timers/promises';
import type { Guest } from '../browser/guest.ts';
import { enterCall } from '../call/enter-call.ts';
import { listCandidatePairs } from '../media/candidate-pairs.ts';
import { sampleLinks, type LinkSample } from '../media/link-sample.ts';
import { expectMediaArrives } from '../media/see-and-hear.ts';
import type { Program } from '../program/start-program.ts';
import { stretch } from '../stretch.ts';
import { until } from '../until.ts';
import type { ExpectedRelay, ExpectedWays } from './cells.ts';

/** What came of a cell. */
export interface CellResult {
  /** From the second guest's coming to pictures and sound both ways. */
  readonly mediaMs: number;
  /** For each guest: `direct`, or the way to the relay they use, or `to a relay` where only the other one has one. */
  readonly ways: readonly [string, string];
}

/** What is promised on a machine that has nothing else to do. */
const MEDIA_DEADLINE_MS = 5_000;
/** Browsers begin on the first way that works, and turn to the best a little later. */
const CHOICE_DEADLINE_MS = 15_000;
const COUNT_MS = 1_000;
/** Pictures and sound are more than fifty packets a second; checks of connections a few. */
const MEDIA_PACKETS = 20;

/**
 * Brings two guests together and asserts that pictures and sound move both ways in time, on the ways that are expected,
 * by the browsers' own account and by the server's.
 */
export async function tryCell(
  guests: readonly [Guest, Guest],
  urls: readonly [string, string],
  expected: ExpectedWays,
  program: Program,
): Promise<CellResult> {
  await enterCall(guests[0], urls[0], 'Ana');
  await enterCall(guests[1], urls[1], 'Ben');
  const begin = performance.now();
  const deadline = stretch(MEDIA_DEADLINE_MS);
  await Promise.all(guests.map((guest) => expectMediaArrives(guest, 1, deadline)));
  const mediaMs = performance.now() - begin;

  const ways = await until(
    `media to go ${expected.isDirect ? 'directly' : 'through a relay'}, and the server to count the same`,
    async () => {
      // A browser may turn to a better way at any time: what it names holds for what is counted only if it still does after.
      const before = await nameWays(guests);
      const counted = await countMedia(program);
      const links = await findLinks(guests);
      const seen = nameLinks(links);
      const wanted = expectCounts(seen, expected);
      const isSame = before.join() === seen.join() && isSameCount(counted, wanted);
      if (isSame && isExpected(links, expected)) return { found: true, value: seen };
      const pairs = await Promise.all(guests.map(listCandidatePairs));
      return { found: false, seen: { before, seen, counted, wanted, pairs } };
    },
    stretch(CHOICE_DEADLINE_MS),
  );
  return { mediaMs, ways };
}

type Links = readonly [LinkSample | undefined, LinkSample | undefined];

async function findLinks([one, other]: readonly [Guest, Guest]): Promise<Links> {
  return [(await sampleLinks(one))[0], (await sampleLinks(other))[0]];
}

function nameLinks([one, other]: Links): readonly [string, string] {
  return [describeWay(one), describeWay(other)];
}

async function nameWays(guests: readonly [Guest, Guest]): Promise<readonly [string, string]> {
  return nameLinks(await findLinks(guests));
}

function describeWay(link: LinkSample | undefined): string {
  const path = link?.path;
  if (path === undefined || path === null) return 'unknown';
  if (path.local.type === 'relay') return path.local.relayProtocol ?? 'relay';
  return path.remote.type === 'relay' ? 'to a relay' : 'direct';
}

function isExpected(links: Links, { isDirect, guests }: ExpectedWays): boolean {
  const ways = nameLinks(links);
  if (ways.includes('unknown')) return false;
  if (isDirect) return ways.every((way) => way === 'direct');
  if (!ways.some((way) => way !== 'direct' && way !== 'to a relay')) return false;
  return guests.every((guest, index) => isAllowed(ways[index] ?? '', guest));
}

function isAllowed(way: string, { protocols, isNeeded }: ExpectedRelay): boolean {
  return protocols.includes(way) || (!isNeeded && (way === 'direct' || way === 'to a relay'));
}

/** Over which transports the server must and must not see media, by the ways that the browsers say they use. */
function expectCounts(ways: readonly string[], { isDirect }: ExpectedWays): Counts {
  const uses = (protocol: string) => !isDirect && ways.includes(protocol);
  return { udp: uses('udp'), tcp: uses('tcp'), tls: uses('tls') };
}

type Counts = Readonly<Record<'udp' | 'tcp' | 'tls', boolean>>;

function isSameCount(one: Counts, other: Counts): boolean {
  return one.udp === other.udp && one.tcp === other.tcp && one.tls === other.tls;
}

/** Over which transports media comes to the relay now. */
async function countMedia(program: Program): Promise<Counts> {
  const before = await program.figures();
  await sleep(COUNT_MS);
  const after = await program.figures();
  const isMedia = (protocol: string) => {
    const name = `packets_from_clients_${protocol}`;
    return (after[name] ?? 0) - (before[name] ?? 0) > MEDIA_PACKETS;
  };
  return { udp: isMedia('udp'), tcp: isMedia('tcp'), tls: isMedia('tls') };
}
