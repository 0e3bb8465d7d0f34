import { signal, type ReadonlySignal } from '@preact/signals';

export type Politeness = 'polite' | 'assertive';

/** What is told of several people, or of several lines, in one sentence. */
export type Gathered = 'joined' | 'left' | 'wrote';

/** What screen readers are told. Two regions, so that one does not cut the other short. */
export interface Announcer {
  readonly polite: ReadonlySignal<string>;
  readonly assertive: ReadonlySignal<string>;
  /** Polite sentences follow each other with a pause: of two at once a screen reader may hear the second alone. */
  say(text: string, politeness?: Politeness): void;
  /** Tells of a person who came or went, together with all who do so in the same moment. */
  tellOf(what: 'joined' | 'left', name: string): void;
  /** Reads a line of chat out; of more than two that come at once, only how many there are. */
  tellOfLine(line: string): void;
  /** Takes back what stands and what waits: it is true no longer. */
  clear(): void;
}

export interface AnnouncerOptions {
  /** Makes one sentence of all who came, all who left, or all lines that were written. */
  readonly phrase: (what: Gathered, parts: readonly string[]) => string;
  readonly setTimeout: (callback: () => void, delayMs: number) => unknown;
  /** How long arrivals and departures are gathered. */
  readonly gatherMs?: number;
  /** How long a sentence stands before the next. */
  readonly restMs?: number;
}

/** More lines than this are not read out: who wants to know them goes to the chat. */
const mostLines = 2;

export function createAnnouncer(options: AnnouncerOptions): Announcer {
  const { phrase, setTimeout, gatherMs = 800, restMs = 500 } = options;
  const regions = { polite: signal(''), assertive: signal('') };
  const gathered = { joined: [] as string[], left: [] as string[] };
  let sentences: string[] = [];
  let lines: string[] = [];
  let waiting = false;

  function show(text: string, politeness: Politeness): void {
    const region = regions[politeness];
    // The same sentence again is no change to a screen reader; a no-break space makes it one.
    region.value = region.peek() === text ? `${text}\u00A0` : text;
  }

  function speak(): void {
    const written = lines.length > mostLines ? [phrase('wrote', lines)] : lines;
    const text = [...new Set([...sentences, ...written])].join(' ');
    sentences = [];
    lines = [];
    waiting = text !== '';
    if (!waiting) return;
    show(text, 'polite');
    setTimeout(speak, restMs);
  }

  /** Not at once: what is said in one turn is said in one go. */
  function speakSoon(): void {
    if (waiting) return;
    waiting = true;
    setTimeout(speak, 0);
  }

  function say(text: string, politeness: Politeness = 'polite'): void {
    if (politeness === 'assertive') return show(text, politeness);
    sentences.push(text);
    speakSoon();
  }

  function tellOfPeople(): void {
    for (const what of ['joined', 'left'] as const) {
      const names = gathered[what].splice(0);
      if (names.length > 0) sentences.push(phrase(what, names));
    }
    speakSoon();
  }

  return {
    polite: regions.polite,
    assertive: regions.assertive,
    say,
    tellOf(what, name) {
      const first = gathered.joined.length + gathered.left.length === 0;
      gathered[what].push(name);
      if (first) setTimeout(tellOfPeople, gatherMs);
    },
    tellOfLine(line) {
      lines.push(line);
      speakSoon();
    },
    clear() {
      sentences = [];
      lines = [];
      gathered.joined = [];
      gathered.left = [];
      regions.polite.value = '';
      regions.assertive.value = '';
    },
  };
}
