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
    case 'room-locked':
      return { text: t('refused.locked'), remedy: 'try-again' };
    case 'removed':
      return { text: t('refused.removed'), remedy: 'back-to-start' };
    case 'resume-refused':
      return describeLostSeat(refusal, t);
    case 'not-in-room':
    case 'unknown-participant':
      return { text: t('refused.gone'), remedy: 'try-again' };
    case 'bad-request':
    case 'internal':
      return { text: t('refused.server'), remedy: 'try-again' };
  }
}

/** What the client could not mend by joining anew: the person was taken out, or is in the call by another page. */
function describeLostSeat({ reason }: Refusal, t: Translator['t']): { text: string; remedy: RefusalRemedy } {
  if (reason === 'removed') return { text: t('refused.removed'), remedy: 'back-to-start' };
  if (reason === 'outdated') return { text: t('refused.elsewhere'), remedy: 'try-again' };
  return { text: t('refused.gone'), remedy: 'try-again' };
}
