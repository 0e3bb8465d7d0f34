import type { PeekResult } from '@callbox/client';
import { useWords } from '../../session/session.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { CheckLink } from '../check-link.tsx';
import './who-is-inside.css';

const namesShown = 3;

/** Who is in the room, for one who stands at the door. */
export function WhoIsInside({ result }: { readonly result: PeekResult | null }) {
  const { t, list } = useWords();

  function words(): string {
    if (result === null) return t('preJoin.inside.looking');
    if (!result.ok) return t('preJoin.inside.unknown');
    const names = result.peek.displayNames.map((name) => (name === '' ? t('app.guest') : name));
    if (names.length === 0) return t('preJoin.inside.nobody');
    const rest = names.length - namesShown;
    const shown = list(names.slice(0, namesShown));
    return t('preJoin.inside.names', {
      count: names.length,
      names:
        rest > 0
          ? t('preJoin.inside.more', { names: names.slice(0, namesShown).join(t('list.comma')), count: rest })
          : shown,
    });
  }

  const sentence = words();
  const faces = result?.ok === true ? result.peek.displayNames.slice(0, namesShown + 1) : [];
  return (
    <div class="inside" role="status">
      {faces.length > 0 && (
        <span class="inside__faces">
          {faces.map((name, index) => (
            <Avatar key={index} displayName={name} size="small" />
          ))}
        </span>
      )}
      {/* Another sentence is another element: none that is being read moves aside for the faces. */}
      <span key={sentence} class="inside__words">
        {sentence}
      </span>
      {result?.ok === false && <CheckLink />}
    </div>
  );
}
