import { useEffect, useState } from 'preact/hooks';
import type { Rect } from '../../layout/arrange-tiles.ts';
import { mostZoom } from '../../layout/zoom.ts';
import type { Person } from '../../session/people.ts';
import { useSession, useWords } from '../../session/session.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { VideoSlot } from '../../ui/video-slot.tsx';
import { useCallWords } from './call-words.tsx';
import { PinButton } from './pin-button.tsx';
import { useGlide } from './use-glide.ts';
import { styleOfCovered, type TileProps } from './tile.tsx';
import { useZoom } from './use-zoom.ts';
import './screen-tile.css';

export interface ScreenTileProps extends Pick<TileProps, 'covered' | 'pinned' | 'onPin'> {
  readonly person: Person;
  readonly rect: Rect;
  /** Large enough to be looked at closely. */
  readonly large: boolean;
  /** Whether there is anything else that could be large. */
  readonly canPin: boolean;
}

interface ToolProps {
  readonly icon: IconName;
  readonly label: string;
  readonly disabled?: boolean;
  readonly onPress: () => void;
}

function Tool({ icon, label, disabled = false, onPress }: ToolProps) {
  return (
    <button
      type="button"
      class="tile__tool"
      aria-label={label}
      aria-disabled={disabled}
      data-tooltip={label}
      onClick={() => !disabled && onPress()}
    >
      <Icon name={icon} class="icon--small" />
    </button>
  );
}

/** On telephones of Apple a picture can fill the screen, but nothing else can. */
type FullScreenVideo = HTMLVideoElement & { readonly webkitEnterFullscreen?: () => void };

function FullScreenTool({
  tile,
  video,
}: {
  readonly tile: HTMLElement | null;
  readonly video: FullScreenVideo;
}) {
  const c = useCallWords();
  const [full, setFull] = useState(false);
  useEffect(() => {
    const read = () => setFull(document.fullscreenElement !== null && document.fullscreenElement === tile);
    document.addEventListener('fullscreenchange', read);
    return () => document.removeEventListener('fullscreenchange', read);
  }, [tile]);

  async function toggle(): Promise<void> {
    try {
      if (full) await document.exitFullscreen();
      else if (document.fullscreenEnabled) await tile?.requestFullscreen();
      else video.webkitEnterFullscreen?.();
    } catch {
      // The browser or its owner does not allow it.
    }
  }

  if (!document.fullscreenEnabled && video.webkitEnterFullscreen === undefined) return null;
  return (
    <Tool
      icon={full ? 'minimize' : 'maximize'}
      label={c(full ? 'screen.full.leave' : 'screen.full')}
      onPress={() => void toggle()}
    />
  );
}

/** A screen that somebody shows: never cropped, and as large as one wants to see it. */
export function ScreenTile({ person, rect, covered, large, canPin, pinned, onPin }: ScreenTileProps) {
  const { elements } = useSession();
  const { t } = useWords();
  const c = useCallWords();
  const ref = useGlide<HTMLLIElement>(rect);
  const { zoom, by, reset, handlers } = useZoom(rect);
  const view = elements.screenOf(person.id);
  const owner = person.displayName === '' ? t('app.guest') : person.displayName;
  const name = c('screen.of', { name: owner });
  const percent = Math.round(zoom.scale * 100);

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the buttons in it do the same
    <li
      ref={ref}
      class="tile screen-tile"
      style={styleOfCovered(covered)}
      data-participant-id={person.id}
      data-source="screen"
      data-zoomed={zoom.scale > 1 ? '' : undefined}
      data-small={large ? undefined : ''}
      {...(large ? handlers : {})}
    >
      {view.ratio.value === null && (
        <div class="tile__stand-in">
          <Icon name="presentation" class="screen-tile__waiting" />
        </div>
      )}
      <div
        class="screen-tile__picture"
        style={{ transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})` }}
      >
        <VideoSlot view={view} />
      </div>
      <div class="tile__plate">
        <Icon name="screenShare" class="icon--small" />
        <span class="tile__name" dir="auto">
          {name}
        </span>
      </div>
      <div class="tile__tools" role="group" aria-label={name}>
        {large && (
          <>
            <Tool
              icon="zoomOut"
              label={c('screen.zoomOut')}
              disabled={zoom.scale <= 1}
              onPress={() => by(1 / 1.5)}
            />
            <span class="screen-tile__percent numbers" aria-live="polite">
              {c('screen.percent', { count: percent })}
            </span>
            <Tool
              icon="zoomIn"
              label={c('screen.zoomIn')}
              disabled={zoom.scale >= mostZoom}
              onPress={() => by(1.5)}
            />
            {zoom.scale > 1 && <Tool icon="shrink" label={c('screen.fit')} onPress={reset} />}
            <FullScreenTool tile={ref.current} video={view.element} />
          </>
        )}
        {canPin && <PinButton name={name} pinned={pinned} onPin={onPin} />}
      </div>
    </li>
  );
}
