import type { Refusal } from '@callbox/client';
import type { Translator } from '../locales/translator.ts';

export type RefusalRemedy = 'try-again' | 'reload' | 'back-to-start';

/** What a person reads when the server says no, and what the one button next to it does. */
export function describeRefusal(
  refusal: Refusal,
  { t }: Translator,
): { text: string; remedy: RefusalRemedy } {
  switch (refusal.code) {
    case 'room-full':
      return {
        text:
          refusal.maxParticipants === undefined
            ? t('refused.roomFullUnknown')
            : t('refused.roomFull', { count: refusal.maxParticipants }),
        remedy: 'try-again',
      };
    case 'room-name-invalid':
      return { text: t('refused.roomName'), remedy: 'back-to-start' };
    case 'version-unsupported':
      return { text: t('refused.version'), remedy: 'reload' };
    case 'rate-limited':
      return { text: t('refused.tooFast'), remedy: 'try-again' };
    case 'already-in-room':
      return { text: t('refused.alreadyInside'), remedy: 'reload' };
    case 'not-in-room':
    case 'unknown-participant':
    case 'room-locked':
    case 'removed':
    case 'resume-refused':
      return { text: t('refused.gone'), remedy: 'try-again' };
    case 'bad-request':
    case 'internal':
      return { text: t('refused.server'), remedy: 'try-again' };
  }
}
