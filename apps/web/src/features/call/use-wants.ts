import { useEffect } from 'preact/hooks';
import type { Box } from '../../layout/arrange-tiles.ts';
import { wantedCameraSide, wantedScreenSide } from '../../layout/wanted-size.ts';
import type { Person } from '../../session/people.ts';
import { useSession } from '../../session/session.ts';
import { screenKey } from './stage-items.ts';
import { useIsSeen } from './use-is-seen.ts';

/**
 * Tells the others how large their pictures are shown here: what is on another page, or in a tab that nobody looks at, costs
 * them nothing.
 *
 * @param places the tiles on the stage, by the keys of their items.
 * @param large the keys of those in the spotlight.
 */
export function useWants(
  others: readonly Person[],
  places: ReadonlyMap<string, Box>,
  large: ReadonlySet<string>,
): void {
  const { stay } = useSession();
  const isSeen = useIsSeen();
  const state = stay.state.value;
  const room = state.kind === 'inside' ? state.room : null;

  // After each drawing: what has not changed is not told again.
  useEffect(() => {
    if (room === null) return;
    const density = window.devicePixelRatio;
    const known = room.snapshot.participants;
    for (const { id } of others) {
      const participant = known.find((each) => each.id === id);
      if (participant === undefined) continue;
      const key = screenKey(id);
      const camera = isSeen ? (places.get(id) ?? null) : null;
      const screen = isSeen ? (places.get(key) ?? null) : null;
      room.want(participant.id, {
        camera: wantedCameraSide(camera, density),
        screen: wantedScreenSide(screen, large.has(key), density),
      });
    }
  });
}
