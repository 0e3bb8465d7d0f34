import { signal, type ReadonlySignal } from '@preact/signals';

export type Politeness = 'polite' | 'assertive';

/** What screen readers are told. Two regions, so that one does not cut the other short. */
export interface Announcer {
  readonly polite: ReadonlySignal<string>;
  readonly assertive: ReadonlySignal<string>;
  say(text: string, politeness?: Politeness): void;
  /** Tells of a person who came or went, together with all who do so in the same moment. */
  tellOf(what: 'joined' | 'left', name: string): void;
}

export interface AnnouncerOptions {
  /** Makes one sentence of all who came, or all who left. */
  readonly phrase: (what: 'joined' | 'left', names: readonly string[]) => string;
  readonly setTimeout: (callback: () => void, delayMs: number) => unknown;
  /** How long arrivals and departures are gathered. */
  readonly gatherMs?: number;
}

export function createAnnouncer({ phrase, setTimeout, gatherMs = 800 }: AnnouncerOptions): Announcer {
  const regions = { polite: signal(''), assertive: signal('') };
  const waiting = { joined: [] as string[], left: [] as string[] };

  function say(text: string, politeness: Politeness = 'polite'): void {
    const region = regions[politeness];
    // The same sentence again is no change to a screen reader; a no-break space makes it one.
    region.value = region.peek() === text ? `${text}\u00A0` : text;
  }

  function flush(): void {
    const sentences = (['joined', 'left'] as const)
      .filter((what) => waiting[what].length > 0)
      .map((what) => phrase(what, waiting[what].splice(0)));
    say(sentences.join(' '));
  }

  return {
    polite: regions.polite,
    assertive: regions.assertive,
    say,
    tellOf(what, name) {
      const first = waiting.joined.length + waiting.left.length === 0;
      waiting[what].push(name);
      if (first) setTimeout(flush, gatherMs);
    },
  };
}
