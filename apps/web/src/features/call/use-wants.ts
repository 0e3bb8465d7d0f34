import { useEffect } from 'preact/hooks';
import type { Person } from '../../session/people.ts';
import { useSession } from '../../session/session.ts';
import { listWants, type Views } from './list-wants.ts';
import { useIsSeen } from './use-is-seen.ts';

/**
 * Tells the others how large their pictures are shown here: what is on another page, or in a tab that nobody looks at, costs
 * them nothing.
 */
export function useWants(
  others: readonly Person[],
  { places, large, small }: Pick<Views, 'places' | 'large' | 'small'>,
): void {
  const { stay } = useSession();
  const isSeen = useIsSeen();
  const state = stay.state.value;
  const room = state.kind === 'inside' ? state.room : null;

  // After each drawing: what has not changed is not told again.
  useEffect(() => {
    if (room === null) return;
    const views = { isSeen, places, large, small, density: window.devicePixelRatio };
    const known = room.snapshot.participants;
    for (const { id } of others) {
      const participant = known.find((each) => each.id === id);
      if (participant !== undefined) room.want(participant.id, listWants(id, views));
    }
  });
}
