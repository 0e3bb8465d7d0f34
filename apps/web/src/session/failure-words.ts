import type { DeviceState, LocalMediaSnapshot, MediaFailure } from '@callbox/client';
import type { Translator } from '../locales/translator.ts';
import type { BrowserFamily } from './browser-family.ts';

/** What one button next to the words does. */
export type FailureRemedy = 'try-again' | 'copy-link' | 'open-secure';

export interface FailureNotice {
  readonly text: string;
  readonly remedy: FailureRemedy;
  /** What to ask for when trying again. */
  readonly wanted: { readonly microphone: boolean; readonly camera: boolean };
}

type FailedDevice = 'microphone' | 'camera' | 'both';

const reasonOf = (state: DeviceState): MediaFailure | null => (state.kind === 'failed' ? state.reason : null);

function explain(
  { t }: Translator,
  reason: MediaFailure,
  failed: FailedDevice,
  browser: BrowserFamily,
): { text: string; remedy: FailureRemedy } {
  const device = t(`device.kind.${failed}`);
  switch (reason) {
    case 'insecure-context':
      return { text: t('failure.insecure'), remedy: 'open-secure' };
    case 'unsupported':
      return browser === 'wechat'
        ? { text: t('failure.wechat', { device }), remedy: 'copy-link' }
        : { text: t('failure.unsupported', { device }), remedy: 'copy-link' };
    case 'denied':
      return browser === 'wechat'
        ? { text: t('failure.wechat', { device }), remedy: 'copy-link' }
        : { text: t(`failure.denied.${browser}`, { device }), remedy: 'try-again' };
    case 'not-found':
      return { text: t('failure.notFound', { device }), remedy: 'try-again' };
    case 'in-use':
      return { text: t('failure.inUse', { device }), remedy: 'try-again' };
    case 'failed':
      return { text: t('failure.failed', { device }), remedy: 'try-again' };
  }
}

/** What to say about devices that do not work: one notice when both fail alike, else one for each. */
export function describeFailures(
  media: LocalMediaSnapshot,
  words: Translator,
  browser: BrowserFamily,
): readonly FailureNotice[] {
  const microphone = reasonOf(media.microphone);
  const camera = reasonOf(media.camera);
  const notices: FailureNotice[] = [];
  if (camera !== null && camera === microphone) {
    notices.push({
      ...explain(words, camera, 'both', browser),
      wanted: { microphone: true, camera: true },
    });
    return notices;
  }
  if (microphone !== null) {
    notices.push({
      ...explain(words, microphone, 'microphone', browser),
      wanted: { microphone: true, camera: false },
    });
  }
  if (camera !== null) {
    notices.push({
      ...explain(words, camera, 'camera', browser),
      wanted: { microphone: false, camera: true },
    });
  }
  return notices;
}
