import { describe, expect } from 'vitest';
import type { Guest } from './browser/guest.ts';
import { enterCall } from './call/enter-call.ts';
import { waitForPeople } from './call/people.ts';
import { bundleCrowd } from './crowd/bundle-crowd.ts';
import { test } from './stage.ts';
import { until } from './until.ts';

const deadlineMs = 40_000;

interface HeardPage extends Window {
  heard?: { readonly politeness: string; readonly text: string; readonly atMs: number }[];
}

/** Notes each sentence that comes into a live region of the page, as a screen reader hears it. Runs before the page's own scripts. */
const listen = `{
  window.heard = [];
  const last = new Map();
  const look = () => {
    for (const region of document.querySelectorAll('[aria-live="polite"], [aria-live="assertive"], [role="alert"], [role="status"]')) {
      const text = region.textContent.trim();
      const raw = region.textContent;
      if (last.get(region) === raw) continue;
      last.set(region, raw);
      const politeness = region.getAttribute('aria-live') ?? (region.getAttribute('role') === 'alert' ? 'assertive' : 'polite');
      if (text !== '') window.heard.push({ politeness, text, atMs: performance.now() });
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
}`;

function readHeard(guest: Guest) {
  return guest.evaluate(() => (window as HeardPage).heard ?? [], null);
}

/** What a page says where its machine has so much else to do that the server's answers come late: it may come between all else. */
const lateServer =
  /(The server is out of reach\. The call goes on, and we keep trying\.|The server is back\.)\s*/g;

/** What was heard from here on. */
async function follow(guest: Guest) {
  const from = (await readHeard(guest)).length;
  const heard = async () =>
    (await readHeard(guest))
      .slice(from)
      .map(({ text }) => text.replace(lateServer, '').trim())
      .filter((text) => text !== '');
  return {
    /** Waits until `holds` is true of all that was said since then. @returns the sentences. */
    until: (what: string, holds: (all: string) => boolean) =>
      until(
        `${guest.label} to be told ${what}`,
        async () => {
          const texts = await heard();
          return holds(texts.join(' ')) ? { found: true, value: texts } : { found: false, seen: texts };
        },
        deadlineMs,
      ),
  };
}

/** How many people a sentence names or counts who came, or left. */
function countOf(all: string, verb: 'joined' | 'left'): number {
  const sentences = [...all.matchAll(new RegExp(`([^.]*?) ${verb}\\.`, 'g'))];
  return sentences.reduce((sum, [, who = '']) => {
    const [, count] = /(\d+) (?:people|person)$/.exec(who) ?? [];
    return sum + (count === undefined ? who.split(/, | and /).length : Number(count));
  }, 0);
}

describe('what a screen reader hears of a call', () => {
  test('who comes, who goes, what is written, and what was done, each in few words and none over the other', async ({
    stage,
  }) => {
    // The others' page is none of ours: the browser asks for its icon in vain.
    stage.expectProblem(/Failed to load resource: .*\/favicon\.ico$/);
    const program = await stage.startProgram();
    const url = `${program.origin}/r/aloud`;
    const ana = await stage.invite('chromium', 'Ana', { scriptBeforePage: listen });
    const others = await stage.invite('chromium', 'the others');
    await others.open(`${program.origin}/healthz`);
    await others.run(await bundleCrowd());
    await enterCall(ana, url, 'Ana');
    const inCall = await readHeard(ana);
    expect(inCall.map(({ text }) => text)).toContain('You are in the call.');

    // One is named.
    let ears = await follow(ana);
    await others.evaluate(() => window.crowd.come('aloud', ['Ben']), null);
    expect(await ears.until('that Ben joined', (all) => countOf(all, 'joined') === 1)).toEqual([
      'Ben joined.',
    ]);

    // Three in one moment are one sentence. A slow machine may let them in in two.
    ears = await follow(ana);
    await others.evaluate(() => window.crowd.come('aloud', ['Cleo', 'Dora', 'Emil']), null);
    const joined = await ears.until('that three joined', (all) => countOf(all, 'joined') === 3);
    expect(joined.length).toBeLessThanOrEqual(2);
    await waitForPeople(ana, 5);

    // One line is read out; ten at once are counted, and nobody has to hear them all.
    ears = await follow(ana);
    await others.evaluate(() => window.crowd.say('Ben', ['Good morning']), null);
    expect(await ears.until('what Ben wrote', (all) => all !== '')).toEqual(['Ben: Good morning']);
    ears = await follow(ana);
    const lines = Array.from({ length: 10 }, (_, index) => `Line ${index}`);
    await others.evaluate((texts) => window.crowd.say('Cleo', texts), lines);
    const written = await ears.until('of ten lines', (all) => countLines(all) === 10);
    expect(written.length).toBeLessThanOrEqual(4);
    expect(written.join(' | ')).toMatch(/\d+ new messages\./);

    // What the keyboard did, wherever it was.
    ears = await follow(ana);
    await ana.press('m');
    await ears.until('that the microphone is muted', (all) => all === 'Your microphone is off.');

    ears = await follow(ana);
    await others.evaluate(() => window.crowd.leave(['Cleo', 'Dora', 'Emil']), null);
    const left = await ears.until('that three left', (all) => countOf(all, 'left') === 3);
    expect(left.length).toBeLessThanOrEqual(2);

    // No sentence took the place of another before it could be heard, and nothing of this was urgent.
    const heard = await readHeard(ana);
    const said = heard.filter(({ politeness }) => politeness === 'polite').slice(inCall.length);
    for (const [place, { atMs, text }] of said.slice(1).entries())
      expect(atMs - (said[place]?.atMs ?? 0), text).toBeGreaterThan(300);
    const urgent = heard.filter(({ politeness }) => politeness === 'assertive');
    expect(urgent.filter(({ text }) => text.replace(lateServer, '') !== '')).toEqual([]);
  });
});

/** How many lines of chat were read out or counted. */
function countLines(all: string): number {
  const counted = [...all.matchAll(/(\d+) new messages?\./g)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
  return counted + [...all.matchAll(/Cleo: Line \d/g)].length;
}
