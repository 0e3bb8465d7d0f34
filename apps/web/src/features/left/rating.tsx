import { useState } from 'preact/hooks';
import { useSession, useWords } from '../../session/session.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';

type Answer = 'good' | 'fair' | 'poor';

const faces: readonly { readonly answer: Answer; readonly icon: IconName }[] = [
  { answer: 'good', icon: 'smile' },
  { answer: 'fair', icon: 'meh' },
  { answer: 'poor', icon: 'frown' },
];

/** One question. The answer stays in this browser; a bad call gets advice in return. */
export function Rating() {
  const { announcer } = useSession();
  const { t } = useWords();
  const [answer, setAnswer] = useState<Answer | null>(null);

  function words(): string {
    if (answer === null) return t('left.rating.private');
    return t(answer === 'poor' ? 'left.rating.advice' : 'left.rating.thanks');
  }

  return (
    <div class="rating" role="group" aria-labelledby="rating-heading">
      <h2 id="rating-heading" class="rating__heading">
        {t('left.rating')}
      </h2>
      <div class="rating__answers">
        {faces.map(({ answer: other, icon }) => (
          <button
            key={other}
            type="button"
            class="rating__answer"
            aria-pressed={answer === other}
            onClick={() => {
              setAnswer(other);
              announcer.say(t(other === 'poor' ? 'left.rating.advice' : 'left.rating.thanks'));
            }}
          >
            <Icon name={icon} />
            {t(`left.rating.${other}`)}
          </button>
        ))}
      </div>
      <p class="rating__words">{words()}</p>
    </div>
  );
}
