import type { LocalMediaSnapshot, MediaFailure } from '@callbox/client';
import { describe, expect, it } from 'vitest';
import { createChapter } from '../../locales/chapter.ts';
import type { BrowserFamily, BrowserName } from './browser.ts';
import { describeFailures } from './describe-failures.ts';
import { failureEn } from './words/en.ts';

const words = createChapter<typeof failureEn>('en', failureEn);
const chromium: BrowserName = { family: 'chromium', app: null };
const failures: readonly MediaFailure[] = [
  'insecure-context',
  'unsupported',
  'denied',
  'dismissed',
  'denied-by-system',
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
    originalSound: false,
  };
}

describe('describeFailures', () => {
  it('says nothing while nothing has failed', () => {
    expect(describeFailures(snapshot(null, null), words, chromium)).toEqual([]);
  });

  it('has words of its own for each failure', () => {
    const texts = failures.map(
      (reason) => describeFailures(snapshot(reason, null), words, chromium)[0]?.text,
    );
    expect(new Set(texts).size).toBe(failures.length);
    for (const text of texts) expect(text).toMatch(/\.$/);
  });

  it('says once what is wrong with both', () => {
    const [notice, ...rest] = describeFailures(snapshot('denied', 'denied'), words, chromium);
    expect(rest).toEqual([]);
    expect(notice?.text).toContain('camera and microphone');
    expect(notice?.wanted).toEqual({ microphone: true, camera: true });
  });

  it('says apart what differs, and asks again only for what it speaks of', () => {
    const notices = describeFailures(snapshot('not-found', 'in-use'), words, chromium);
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
      'ios-other',
      'android',
      'other',
    ];
    const texts = families.map(
      (family) => describeFailures(snapshot('denied', null), words, { family, app: null })[0]?.text,
    );
    expect(new Set(texts).size).toBe(families.length);
  });

  it('asks for a yes only where the browser will ask again', () => {
    const textIn = (family: BrowserFamily, reason: MediaFailure) =>
      describeFailures(snapshot(reason, null), words, { family, app: null })[0]?.text;
    expect(textIn('chromium', 'dismissed')).toContain('say yes');
    expect(textIn('safari', 'dismissed')).toBe(textIn('safari', 'denied'));
  });

  it('leads out of an app that gives no devices, by its name', () => {
    const inLine = { family: 'ios', app: 'line' } as const;
    for (const reason of ['unsupported', 'denied', 'dismissed'] as const) {
      const [notice] = describeFailures(snapshot(reason, null), words, inLine);
      expect(notice?.text).toMatch(/^LINE does not let this page use the microphone\./);
      expect(notice?.remedy).toBe('copy-link');
    }
    expect(describeFailures(snapshot('in-use', null), words, inLine)[0]?.remedy).toBe('try-again');
  });

  it('gives a link, not a second try, where a second try cannot help', () => {
    const other = { family: 'other', app: null } as const;
    expect(describeFailures(snapshot('unsupported', null), words, other)[0]?.remedy).toBe('copy-link');
    expect(describeFailures(snapshot('insecure-context', null), words, other)[0]?.remedy).toBe('open-secure');
  });
});
