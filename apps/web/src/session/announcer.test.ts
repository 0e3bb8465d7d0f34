import { describe, expect, it } from 'vitest';
import { createAnnouncer } from './announcer.ts';

function setUp() {
  let due: { readonly atMs: number; readonly callback: () => void }[] = [];
  let nowMs = 0;
  const announcer = createAnnouncer({
    phrase: (what, parts) => `${parts.length > 2 ? parts.length : parts.join(' and ')} ${what}.`,
    setTimeout: (callback, delayMs) => due.push({ atMs: nowMs + delayMs, callback }),
    gatherMs: 800,
    restMs: 500,
  });
  return {
    announcer,
    pass: (ms: number) => {
      const endMs = nowMs + ms;
      for (;;) {
        const [next] = due.filter(({ atMs }) => atMs <= endMs).toSorted((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        due = due.filter((each) => each !== next);
        nowMs = next.atMs;
        next.callback();
      }
      nowMs = endMs;
    },
  };
}

describe('createAnnouncer', () => {
  it('makes one sentence of all who come in the same moment', () => {
    const { announcer, pass } = setUp();
    for (const name of ['Ana', 'Bo', 'Chen']) announcer.tellOf('joined', name);
    expect(announcer.polite.value).toBe('');
    pass(800);
    expect(announcer.polite.value).toBe('3 joined.');
  });

  it('tells of coming and going in one go, and begins anew afterwards', () => {
    const { announcer, pass } = setUp();
    announcer.tellOf('joined', 'Ana');
    announcer.tellOf('left', 'Bo');
    pass(800);
    expect(announcer.polite.value).toBe('Ana joined. Bo left.');
    pass(500);
    announcer.tellOf('joined', 'Chen');
    pass(800);
    expect(announcer.polite.value).toBe('Chen joined.');
  });

  it('says the same sentence again so that it is heard again', () => {
    const { announcer, pass } = setUp();
    announcer.say('Link copied');
    pass(0);
    const first = announcer.polite.value;
    pass(500);
    announcer.say('Link copied');
    pass(0);
    expect(announcer.polite.value).not.toBe(first);
    expect(announcer.polite.value.trim()).toBe('Link copied');
  });

  it('lets a sentence stand for a moment, and says all that waited in one, each once', () => {
    const { announcer, pass } = setUp();
    announcer.say('You are in the call.');
    pass(0);
    announcer.say('Ana is showing a screen.');
    announcer.say('Muted');
    announcer.say('Muted');
    expect(announcer.polite.value).toBe('You are in the call.');
    pass(499);
    expect(announcer.polite.value).toBe('You are in the call.');
    pass(1);
    expect(announcer.polite.value).toBe('Ana is showing a screen. Muted');
    pass(500);
    announcer.say('Unmuted');
    pass(0);
    expect(announcer.polite.value).toBe('Unmuted');
  });

  it('takes back what stands and what waits', () => {
    const { announcer, pass } = setUp();
    announcer.say('You are in the call.');
    announcer.say('The camera failed.', 'assertive');
    pass(0);
    announcer.say('Muted');
    announcer.tellOfLine('Ana: hello');
    announcer.tellOf('joined', 'Bo');
    announcer.clear();
    expect([announcer.polite.value, announcer.assertive.value]).toEqual(['', '']);
    pass(5_000);
    expect(announcer.polite.value).toBe('');
    announcer.tellOf('joined', 'Chen');
    pass(800);
    expect(announcer.polite.value).toBe('Chen joined.');
  });

  it('says in one go what is said in one turn', () => {
    const { announcer, pass } = setUp();
    announcer.say('Ana is showing a screen.');
    announcer.say('Bo is showing a screen.');
    pass(0);
    expect(announcer.polite.value).toBe('Ana is showing a screen. Bo is showing a screen.');
  });

  it('reads a line out at once, the two that follow it with the next, and only counts more', () => {
    const { announcer, pass } = setUp();
    announcer.tellOfLine('Ana: one');
    pass(0);
    expect(announcer.polite.value).toBe('Ana: one');
    announcer.tellOfLine('Ana: two');
    announcer.tellOfLine('Ana: three');
    pass(500);
    expect(announcer.polite.value).toBe('Ana: two Ana: three');
    for (const line of ['Ana: 4', 'Ana: 5', 'Ana: 6']) announcer.tellOfLine(line);
    pass(500);
    expect(announcer.polite.value).toBe('3 wrote.');
  });

  it('keeps what is urgent apart, and lets it wait for nothing', () => {
    const { announcer, pass } = setUp();
    announcer.say('Muted');
    pass(0);
    announcer.say('The server is out of reach', 'assertive');
    expect(announcer.polite.value).toBe('Muted');
    expect(announcer.assertive.value).toBe('The server is out of reach');
  });
});
