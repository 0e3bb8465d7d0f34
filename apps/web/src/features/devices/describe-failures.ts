import type { DeviceState, LocalMediaSnapshot, MediaFailure } from '@callbox/client';
import type { BrowserFamily, BrowserName } from './browser.ts';
import type { FailureWords } from './failure-words.ts';

/** What one button next to the words does. */
export type FailureRemedy = 'try-again' | 'copy-link' | 'open-secure';

export interface FailureNotice {
  readonly text: string;
  readonly remedy: FailureRemedy;
  /** What to ask for when trying again. */
  readonly wanted: { readonly microphone: boolean; readonly camera: boolean };
}

type FailedDevice = 'microphone' | 'camera' | 'both';
type Explanation = Pick<FailureNotice, 'text' | 'remedy'>;

const reasonOf = (state: DeviceState): MediaFailure | null => (state.kind === 'failed' ? state.reason : null);

/** Where a browser that was not told yes may simply be asked again. Others remember, and do not say so. */
const asksAgain: ReadonlySet<BrowserFamily> = new Set(['chromium', 'android']);

function explainDenied(words: FailureWords, device: string, { family, app }: BrowserName): Explanation {
  if (app === null) return { text: words(`denied.${family}`, { device }), remedy: 'try-again' };
  return { text: words('inApp', { app: words(`app.${app}`), device }), remedy: 'copy-link' };
}

function explain(
  words: FailureWords,
  reason: MediaFailure,
  failed: FailedDevice,
  browser: BrowserName,
): Explanation {
  const device = words(`kind.${failed}`);
  switch (reason) {
    case 'insecure-context':
      return { text: words('insecure'), remedy: 'open-secure' };
    case 'unsupported':
      if (browser.app !== null) return explainDenied(words, device, browser);
      return { text: words('unsupported', { device }), remedy: 'copy-link' };
    case 'denied':
      return explainDenied(words, device, browser);
    case 'dismissed':
      if (browser.app !== null || !asksAgain.has(browser.family)) {
        return explainDenied(words, device, browser);
      }
      return { text: words('dismissed', { device }), remedy: 'try-again' };
    case 'denied-by-system':
      return { text: words('system', { device }), remedy: 'try-again' };
    case 'not-found':
      return {
        text: failed === 'both' ? words('notFound.both') : words('notFound', { device }),
        remedy: 'try-again',
      };
    case 'in-use':
      return { text: words('inUse', { device }), remedy: 'try-again' };
    case 'failed':
      return { text: words('failed', { device }), remedy: 'try-again' };
  }
}

/** What to say about devices that do not work: one notice when both fail alike, else one for each. */
export function describeFailures(
  media: Pick<LocalMediaSnapshot, 'microphone' | 'camera'>,
  words: FailureWords,
  browser: BrowserName,
): readonly FailureNotice[] {
  const microphone = reasonOf(media.microphone);
  const camera = reasonOf(media.camera);
  const notice = (reason: MediaFailure, failed: FailedDevice): FailureNotice => ({
    ...explain(words, reason, failed, browser),
    wanted: { microphone: failed !== 'camera', camera: failed !== 'microphone' },
  });
  if (camera !== null && camera === microphone) return [notice(camera, 'both')];
  return [
    ...(microphone === null ? [] : [notice(microphone, 'microphone')]),
    ...(camera === null ? [] : [notice(camera, 'camera')]),
  ];
}
