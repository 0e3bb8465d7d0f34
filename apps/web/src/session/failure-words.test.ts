import type { LocalMediaSnapshot, MediaFailure } from '@callbox/client';
import { describe, expect, it } from 'vitest';
import { en } from '../locales/en.ts';
import { createTranslator } from '../locales/translator.ts';
import type { BrowserFamily } from './browser-family.ts';
import { describeFailures } from './failure-words.ts';

const words = createTranslator('en', en);
const failures: readonly MediaFailure[] = [
  'insecure-context',
  'unsupported',
  'denied',
  'not-found',
  'in-use',
  'failed',
];

function snapshot(microphone: MediaFailure | null, camera: MediaFailure | null): LocalMediaSnapshot {
  const state = (reason: MediaFailure | null) =>
    reason === null ? ({ kind: 'off' } as const) : ({ kind: 'failed', reason } as const);
  return {
    microphone: state(microphone),
    camera: state(camera),
    microphoneTrack: null,
    cameraTrack: null,
    screen: { kind: 'off' },
    screenTrack: null,
    screenAudioTrack: null,
  };
}

describe('describeFailures', () => {
  it('says nothing while nothing has failed', () => {
    expect(describeFailures(snapshot(null, null), words, 'chromium')).toEqual([]);
  });

  it('has words of its own for each failure', () => {
    const texts = failures.map(
      (reason) => describeFailures(snapshot(reason, null), words, 'chromium')[0]?.text,
    );
    expect(new Set(texts).size).toBe(failures.length);
    for (const text of texts) expect(text).toMatch(/\.$/);
  });

  it('says once what is wrong with both', () => {
    const [notice, ...rest] = describeFailures(snapshot('denied', 'denied'), words, 'chromium');
    expect(rest).toEqual([]);
    expect(notice?.text).toContain('camera and microphone');
    expect(notice?.wanted).toEqual({ microphone: true, camera: true });
  });

  it('says apart what differs, and asks again only for what it speaks of', () => {
    const notices = describeFailures(snapshot('not-found', 'in-use'), words, 'chromium');
    expect(notices.map(({ wanted }) => wanted)).toEqual([
      { microphone: true, camera: false },
      { microphone: false, camera: true },
    ]);
  });

  it('shows the way to the permission in each browser', () => {
    const families: readonly BrowserFamily[] = [
      'chromium',
      'firefox',
      'safari',
      'ios',
      'android',
      'wechat',
      'other',
    ];
    const texts = families.map(
      (family) => describeFailures(snapshot('denied', null), words, family)[0]?.text,
    );
    expect(new Set(texts).size).toBe(families.length);
  });

  it('gives a link, not a second try, where a second try cannot help', () => {
    expect(describeFailures(snapshot('unsupported', null), words, 'other')[0]?.remedy).toBe('copy-link');
    expect(describeFailures(snapshot('denied', null), words, 'wechat')[0]?.remedy).toBe('copy-link');
    expect(describeFailures(snapshot('insecure-context', null), words, 'other')[0]?.remedy).toBe(
      'open-secure',
    );
  });
});
