import { hueOf, initialOf } from '../session/people.ts';
import { Icon } from './icon.tsx';
import './avatar.css';

export interface AvatarProps {
  readonly displayName: string;
  readonly size: 'small' | 'large';
}

/** The first character of a name on a colour that stays with it. Says nothing that the name beside it does not. */
export function Avatar({ displayName, size }: AvatarProps) {
  const initial = initialOf(displayName);
  return (
    <span
      class={`avatar avatar--${size}`}
      style={{ '--hue': String(hueOf(displayName)) }}
      data-nameless={initial === null}
      aria-hidden="true"
    >
      {initial ?? <Icon name="userRound" />}
    </span>
  );
}
