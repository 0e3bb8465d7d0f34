import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCallbox } from './servers/callbox.ts';
import {
  runTester,
  runTesterToItsEnd,
  startEchoPeer,
  type TesterOutcome,
  type TesterWay,
} from './servers/coturn-tester.ts';
import { startCoturn } from './servers/coturn.ts';
import { describeWithPrograms } from './servers/describe-with-programs.ts';
import type { RunningProgram } from './servers/running-program.ts';
import type { TurnTarget } from './turn-target.ts';

const MESSAGES = 20;
/** No RTCP pair, which would ask for two adjoining ports; an even one is asked for now and then all the same. */
const ALWAYS = ['-c', '-n', String(MESSAGES), '-z', '5'];

type TesterRun = readonly [title: string, flags: readonly string[], clients: number, way?: TesterWay];

/** A sentence, the tester's flags, how many clients they make, and the way they come. */
const RUNS: readonly TesterRun[] = [
  ['one client with a channel over UDP', [], 1],
  ['one client with Send indications over UDP', ['-s'], 1],
  ['one client with a channel over TCP', ['-t'], 1],
  ['one client with Send indications over TCP', ['-t', '-s'], 1],
  ['eight clients with channels over UDP', ['-m', '8'], 8],
  ['eight clients with Send indications over UDP', ['-m', '8', '-s'], 8],
  ['eight clients with channels over TCP', ['-m', '8', '-t'], 8],
  ['eight clients with Send indications over TCP', ['-m', '8', '-t', '-s'], 8],
  ['clients with channels and large payloads over UDP', ['-m', '2', '-l', '1200'], 2],
  ['clients with channels and large payloads over TCP', ['-m', '2', '-l', '1200', '-t'], 2],
  ['clients that pad ChannelData over UDP', ['-m', '2', '-l', '101', '-D'], 2],
  ['clients that talk to each other over UDP', ['-m', '2', '-y'], 2],
  ['clients that talk to each other over TCP', ['-m', '2', '-y', '-t'], 2],
  ['clients on IPv6 over UDP', ['-m', '2'], 2, { isOverIpv6: true }],
  ['clients on IPv6 over TCP', ['-m', '2', '-t'], 2, { isOverIpv6: true }],
  // There is one IPv6 address on loopback: another peer than a client would sit on that of our relays, and be out of reach.
  ['clients on IPv6 with relays of IPv6', ['-m', '2', '-x', '-y'], 2, { isOverIpv6: true }],
  ['clients with Send indications and relays of IPv6', ['-m', '2', '-x', '-y', '-s'], 2],
];

/**
 * Over TLS the tester now and then stops reading too early and counts what it has not read as lost, against coturn too: what
 * counts is that most arrives. That nothing is lost over TLS is for `callbox.test.ts` to show.
 */
const TLS_RUNS: readonly TesterRun[] = [
  ['clients with channels over TLS', ['-m', '2'], 2, { isTls: true }],
  ['clients with Send indications over TLS', ['-m', '2', '-s'], 2, { isTls: true }],
  ['clients on IPv6 over TLS', ['-m', '2'], 2, { isOverIpv6: true, isTls: true }],
];

/** It draws by lot which of its wrong requests it makes; these are what they bring, from coturn too. */
function isExpected(refusal: string): boolean {
  return / error (?:400|443)$/u.test(refusal);
}

/**
 * Runs in which the tester does what it should not: what counts is that ours ends them as coturn does. `-R` is not among them,
 * since it draws by lot how it ends.
 */
const ODD_RUNS: readonly (readonly string[])[] = [
  ['-G'],
  ['-G', '-s'],
  ['-G', '-t'],
  ['-N'],
  ['-N', '-t'],
  ['-B'],
  ['-B', '-t'],
];

/**
 * With `-R` the tester overwrites up to nine random octets of every tenth message, sends nothing again, and waits for ever for the
 * answer to one that is no longer a message and is dropped, as RFC 8489 §6.3 has it. So a run is cut off, and what counts is
 * what the next client finds.
 */
const DAMAGE_MS = 8_000;
/** Channels and indications over UDP, and a stream. */
const WAYS: readonly (readonly string[])[] = [[], ['-s'], ['-t']];

const SERVERS: readonly (readonly [string, () => Promise<TurnTarget>])[] = [
  ['Callbox', () => startCallbox()],
  // The control: what the tester finds there it would find anywhere.
  ['coturn', () => startCoturn({ credentials: 'users' })],
];

describeWithPrograms(['turnserver', 'turnutils_uclient', 'turnutils_peer'], () => {
  describe.each(SERVERS)('the tester of coturn against %s', (_, start) => {
    let target: TurnTarget | undefined;
    let echo: RunningProgram | undefined;
    beforeAll(async () => {
      echo = await startEchoPeer();
      target = await start();
    });
    afterAll(async () => {
      await target?.stop();
      await echo?.stop();
    });

    // Side by side: most of the tester's time is waiting.
    test.concurrent.for(RUNS)('loses nothing of %s', async ([, flags, clients, way]) => {
      if (target === undefined) throw new Error('the server did not start');
      const messages = clients * MESSAGES;
      expect(await runTester(target, [...ALWAYS, ...flags], way)).toEqual({
        exitCode: 0,
        sent: messages,
        received: messages,
        lost: 0,
      });
    });

    test.concurrent.for(TLS_RUNS)('carries %s', async ([, flags, clients, way]) => {
      if (target === undefined) throw new Error('the server did not start');
      const { exitCode, sent, received } = await runTester(target, [...ALWAYS, ...flags], way);
      expect({ exitCode, sent }).toEqual({ exitCode: 0, sent: clients * MESSAGES });
      expect(received).toBeGreaterThan(MESSAGES / 2);
    });

    test.concurrent('loses nothing of the clients that come after damaged messages', async () => {
      const server = target;
      if (server === undefined) throw new Error('the server did not start');
      const damaged = WAYS.map((flags) =>
        runTesterToItsEnd(server, ['-R', '-m', '4', ...ALWAYS, ...flags], { deadlineMs: DAMAGE_MS }),
      );
      await Promise.all(damaged);
      const next = await Promise.all(WAYS.map((flags) => runTester(server, [...ALWAYS, ...flags])));
      expect(next).toMatchObject(WAYS.map(() => ({ exitCode: 0, lost: 0 })));
    });
  });

  describe('the oddities of the tester', () => {
    const outcomes: TesterOutcome[][] = [];
    beforeAll(async () => {
      const echo = await startEchoPeer();
      for (const [, start] of SERVERS) {
        const target = await start();
        const runs = ODD_RUNS.map((flags) => runTesterToItsEnd(target, [...ALWAYS, ...flags]));
        outcomes.push(await Promise.all(runs));
        await target.stop();
      }
      await echo.stop();
    }, 240_000);

    test.each(ODD_RUNS.map((flags, index) => [flags.join(' '), index] as const))(
      '%s end against Callbox as against coturn',
      (_flags, index) => {
        const [ours, theirs] = outcomes.map((ofServer) => ofServer[index]);
        expect(ours?.ending).toBe(theirs?.ending);
        expect(ours?.refusals.filter((refusal) => !isExpected(refusal))).toEqual([]);
      },
    );
  });
});
