import { describe, expect, it } from 'vitest';
import { createAnnouncer } from './announcer.ts';

function setUp() {
  const due: (() => void)[] = [];
  const announcer = createAnnouncer({
    phrase: (what, names) => `${names.length > 2 ? names.length : names.join(' and ')} ${what}.`,
    setTimeout: (callback) => due.push(callback),
  });
  return {
    announcer,
    pass: () => {
      for (const callback of due.splice(0)) callback();
    },
  };
}

describe('createAnnouncer', () => {
  it('makes one sentence of all who come in the same moment', () => {
    const { announcer, pass } = setUp();
    for (const name of ['Ana', 'Bo', 'Chen']) announcer.tellOf('joined', name);
    expect(announcer.polite.value).toBe('');
    pass();
    expect(announcer.polite.value).toBe('3 joined.');
  });

  it('tells of coming and going in one go, and begins anew afterwards', () => {
    const { announcer, pass } = setUp();
    announcer.tellOf('joined', 'Ana');
    announcer.tellOf('left', 'Bo');
    pass();
    expect(announcer.polite.value).toBe('Ana joined. Bo left.');
    announcer.tellOf('joined', 'Chen');
    pass();
    expect(announcer.polite.value).toBe('Chen joined.');
  });

  it('says the same sentence again so that it is heard again', () => {
    const { announcer } = setUp();
    announcer.say('Link copied');
    const first = announcer.polite.value;
    announcer.say('Link copied');
    expect(announcer.polite.value).not.toBe(first);
    expect(announcer.polite.value.trim()).toBe('Link copied');
  });

  it('keeps what is urgent apart', () => {
    const { announcer } = setUp();
    announcer.say('The server is out of reach', 'assertive');
    expect(announcer.polite.value).toBe('');
    expect(announcer.assertive.value).toBe('The server is out of reach');
  });
});
