import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCallbox } from './servers/callbox.ts';
import { runTester, startEchoPeer } from './servers/coturn-tester.ts';
import { startCoturn } from './servers/coturn.ts';
import { describeWithPrograms } from './servers/describe-with-programs.ts';
import type { RunningProgram } from './servers/running-program.ts';
import type { TurnTarget } from './turn-target.ts';

const MESSAGES = 20;
/** No RTCP pair, which would ask for two adjoining ports; an even one is asked for now and then all the same. */
const ALWAYS = ['-c', '-n', String(MESSAGES), '-z', '5'];

/** A sentence, the tester's flags, and how many clients they make. */
const RUNS: readonly (readonly [string, readonly string[], number])[] = [
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
];

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
    test.concurrent.each(RUNS)('loses nothing of %s', async (_title, flags, clients) => {
      if (target === undefined) throw new Error('the server did not start');
      const messages = clients * MESSAGES;
      expect(await runTester(target, [...ALWAYS, ...flags])).toEqual({
        exitCode: 0,
        sent: messages,
        received: messages,
        lost: 0,
      });
    });
  });
});
