import { useState } from 'preact/hooks';
import { useSession } from '../../session/session.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { useCallWords } from '../call/call-words.tsx';

type Answer = 'good' | 'fair' | 'poor';

const faces: readonly { readonly answer: Answer; readonly icon: IconName }[] = [
  { answer: 'good', icon: 'smile' },
  { answer: 'fair', icon: 'meh' },
  { answer: 'poor', icon: 'frown' },
];

/** One question. The answer stays in this browser; a bad call gets advice in return. */
export function Rating() {
  const { announcer } = useSession();
  const c = useCallWords();
  const [answer, setAnswer] = useState<Answer | null>(null);

  function words(): string {
    if (answer === null) return c('left.rating.private');
    return c(answer === 'poor' ? 'left.rating.advice' : 'left.rating.thanks');
  }

  return (
    <div class="rating" role="group" aria-labelledby="rating-heading">
      <h2 id="rating-heading" class="rating__heading">
        {c('left.rating')}
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
              announcer.say(c(other === 'poor' ? 'left.rating.advice' : 'left.rating.thanks'));
            }}
          >
            <Icon name={icon} />
            {c(`left.rating.${other}`)}
          </button>
        ))}
      </div>
      <p class="rating__words">{words()}</p>
    </div>
  );
}
