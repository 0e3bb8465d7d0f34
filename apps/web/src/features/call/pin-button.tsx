import { Icon } from '../../ui/icon.tsx';
import { useCallWords } from './call-words.tsx';

export interface PinButtonProps {
  /** Of whom or of what, for its name. */
  readonly name: string;
  readonly pinned: boolean;
  readonly onPin: (pinned: boolean) => void;
}

/** Makes one tile large, or no longer. */
export function PinButton({ name, pinned, onPin }: PinButtonProps) {
  const c = useCallWords();
  const label = c(pinned ? 'unpin' : 'pin', { name });
  return (
    <button
      type="button"
      class="tile__tool"
      aria-pressed={pinned}
      aria-label={c('pin', { name })}
      data-tooltip={label}
      onClick={() => onPin(!pinned)}
    >
      <Icon name="pin" class="icon--small" />
    </button>
  );
}
