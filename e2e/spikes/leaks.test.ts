import { expect, onTestFinished } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { watchJoins, type Holdings, type Looks } from '../figures/join-and-leave.ts';
import { slopeOf } from '../figures/slope.ts';
import { test } from '../stage.ts';

/** Compiled code and caches of the browser still grow a little over so few. */
const mostBytesPerJoin = 4_000;
/** Whoever leaves one of these behind leaves at least one each time; texts and listeners come and go by a few. */
const most = { connections: 0, tracks: 0, sockets: 0, nodes: 0.5, listeners: 0.5 } as const;
const counted = ['connections', 'tracks', 'sockets', 'nodes', 'listeners'] as const;

test('who comes and goes leaves nothing behind, neither with those who stay nor in their own page', async ({
  stage,
}) => {
  const program = await stage.startProgram();
  const running = await launchChromium({});
  onTestFinished(() => running.close());
  const looks = await watchJoins(running.browser, { origin: program.origin, guests: 1, joins: 36, every: 6 });
  for (const who of ['host', 'guest'] as const) {
    // What is loaded and compiled at the first times stays.
    const held = looks.slice(2).map((look: Looks): Holdings => look[who]);
    const growthOf = (what: keyof Holdings): number =>
      slopeOf(held.map(({ joins, [what]: value }) => ({ at: joins, value })));
    for (const what of counted) {
      const values = held.map(({ [what]: value }) => value).join(', ');
      expect(growthOf(what), `${what} of the ${who}: ${values}`).toBeLessThanOrEqual(most[what]);
    }
    expect(growthOf('heapBytes'), `octets that each join leaves with the ${who}`).toBeLessThan(
      mostBytesPerJoin,
    );
  }
});
