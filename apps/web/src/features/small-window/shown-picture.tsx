import { useLayoutEffect, useMemo } from 'preact/hooks';
import type { Box } from '../../layout/arrange-tiles.ts';
import { useSession, useWords } from '../../session/session.ts';
import { createVideoView, setTrack } from '../../session/video-view.ts';
import { Icon } from '../../ui/icon.tsx';
import { VideoSlot } from '../../ui/video-slot.tsx';
import { useCallWords } from '../call/call-words.tsx';
import type { StageItem } from '../call/stage-items.ts';
import { Tile } from '../call/tile.tsx';

export interface ShownPictureProps {
  /** The window it is in. */
  readonly page: Window;
  readonly shown: StageItem;
  readonly speaking: boolean;
  readonly box: Box;
}

/** What is to be played of it now. */
function useTrack({ kind, person }: StageItem): MediaStreamTrack | null {
  const { media, stay } = useSession();
  if (person.isSelf) return media.value.cameraTrack;
  const participant = stay.room.value?.participants.find(({ id }) => id === person.id);
  return participant?.tracks[kind === 'screen' ? 'screen' : 'camera'] ?? null;
}

/**
 * A person, or the screen that a person shows, with an element of its own: one that is moved from window to window stops, and
 * the stage would miss it.
 */
export function ShownPicture({ page, shown, speaking, box }: ShownPictureProps) {
  const { t } = useWords();
  const c = useCallWords();
  const { kind, person } = shown;
  const track = useTrack(shown);
  const view = useMemo(
    () => createVideoView(page.document, person.id, kind === 'screen' ? 'screen' : 'camera'),
    [page, person.id, kind],
  );
  useLayoutEffect(() => {
    if (setTrack(view.element, track)) void view.element.play().catch(() => {});
  }, [view, track]);
  useLayoutEffect(() => () => void setTrack(view.element, null), [view]);

  const rect = { ...box, x: 0, y: 0 };
  if (kind === 'person') {
    return (
      <Tile
        person={person}
        view={view}
        rect={rect}
        box={box}
        floats={false}
        speaking={speaking}
        canPin={false}
        pinned={false}
        onPin={() => {}}
      />
    );
  }
  const name = person.displayName === '' ? t('app.guest') : person.displayName;
  return (
    <li class="tile small-window__screen" data-participant-id={person.id} data-source="screen">
      {view.ratio.value === null && (
        <div class="tile__stand-in">
          <Icon name="presentation" />
        </div>
      )}
      <VideoSlot view={view} class="tile__picture tile__picture--visible tile__picture--contain" />
      <div class="tile__plate">
        <Icon name="screenShare" class="icon--small" />
        <span class="tile__name" dir="auto">
          {c('screen.of', { name })}
        </span>
      </div>
    </li>
  );
}
