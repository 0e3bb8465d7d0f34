import type { Box, Rect } from '../../layout/arrange-tiles.ts';
import type { Covered } from '../../layout/covered-by.ts';
import { fitPicture } from '../../layout/fit-picture.ts';
import { isMirrored } from '../../session/is-mirrored.ts';
import { hueOf, type Person } from '../../session/people.ts';
import { useSession, useWords } from '../../session/session.ts';
import type { VideoView } from '../../session/video-view.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Bars } from '../../ui/bars.tsx';
import { Icon } from '../../ui/icon.tsx';
import { VideoSlot } from '../../ui/video-slot.tsx';
import { PinButton, type PinButtonProps } from './pin-button.tsx';
import { describeQuality } from './quality-words.ts';
import { useDragToCorner } from './use-drag-to-corner.ts';
import { useGlide } from './use-glide.ts';
import './tile.css';
import { useCallWords } from './call-words.tsx';

export interface TileProps extends Pick<PinButtonProps, 'pinned' | 'onPin'> {
  readonly person: Person;
  /** Where it is not on the stage: the picture's own element. */
  readonly view?: VideoView;
  readonly rect: Rect;
  /** The stage, for a tile that can be dragged about it. */
  readonly box: Box;
  readonly floats: boolean;
  /** What of its lower edge lies below a tile that floats. */
  readonly covered?: Covered;
  readonly speaking: boolean;
  /** Whether it can be made larger than others. */
  readonly canPin: boolean;
}

function LinkWords({ person }: { readonly person: Person }) {
  const { t } = useWords();
  const c = useCallWords();
  const { link } = person;
  if (link === null) return null;
  // Media may still flow to one whom the server has lost sight of: the picture stays as bright as it is.
  const kind = link.kind === 'connected' && person.away ? 'reconnecting' : link.kind;
  if (kind === 'connected') return null;
  const name = person.displayName === '' ? t('app.guest') : person.displayName;
  return (
    <p class="tile__link" data-kind={kind}>
      {kind !== 'failed' && <Icon name="loader" class="icon--turning icon--small" />}
      {c(`tile.${kind}`, { name })}
    </p>
  );
}

/** A voice, drawn: shown beside the ring so that speaking is never told by colour alone. */
function SpeakingMark() {
  const c = useCallWords();
  return (
    <span class="tile__voice" role="img" aria-label={c('tile.speaking')}>
      <span />
      <span />
      <span />
    </span>
  );
}

/** Said only where there is something to say. */
function WeakLink({ person }: Pick<TileProps, 'person'>) {
  const { t } = useWords();
  const c = useCallWords();
  const { quality, link } = person;
  if (quality === null || quality.bars > 2 || link?.kind !== 'connected') return null;
  const name = person.displayName === '' ? t('app.guest') : person.displayName;
  return <Bars filled={quality.bars} label={c('quality.of', { how: describeQuality(quality, name, c) })} />;
}

/** In a tile narrower than this, in CSS pixels, there is room for one word. */
const roomForOneWord = 130;

function NamePlate({
  person,
  speaking,
  floats,
  rect,
}: Pick<TileProps, 'person' | 'speaking' | 'floats' | 'rect'>) {
  const { t } = useWords();
  const c = useCallWords();
  const name = person.displayName === '' ? t('app.guest') : person.displayName;
  // One's own name is no news.
  const short = floats || rect.width < roomForOneWord || person.displayName === '';
  const own = short ? t('app.you') : t('app.nameAndYou', { name });
  return (
    <div class="tile__plate">
      {!person.audio && (
        <span class="tile__muted">
          <Icon name="micOff" label={c('tile.muted')} class="icon--small" />
        </span>
      )}
      {person.audio && speaking && <SpeakingMark />}
      <span class="tile__name" dir="auto">
        {person.isSelf ? own : name}
      </span>
      {person.plain && (
        <span class="tile__older" title={c('tile.older')}>
          <Icon name="history" label={c('tile.older')} class="icon--small" />
        </span>
      )}
      <WeakLink person={person} />
      {!person.video && <span class="visually-hidden">, {c('tile.cameraOff')}</span>}
    </div>
  );
}

/** Keeps the plate with the name beside what floats. */
export function styleOfCovered({ left, right }: Covered = { left: 0, right: 0 }): Record<string, string> {
  return { '--covered-left': `${left}px`, '--covered-right': `${right}px` };
}

/** One person: the picture or what stands for it, the name, and what others should know. */
export function Tile({
  person,
  view: ownView,
  rect,
  box,
  floats,
  covered,
  speaking,
  canPin,
  pinned,
  onPin,
}: TileProps) {
  const { elements, media, preferences } = useSession();
  const ref = useGlide<HTMLLIElement>(rect);
  const drag = useDragToCorner({ enabled: floats, rect, box });
  const view = ownView ?? (person.isSelf ? elements.self : elements.cameraOf(person.id));
  const pictureRatio = view.ratio.value;
  const visible = person.video && pictureRatio !== null;
  const mirrored = person.isSelf && isMirrored(preferences.current.value, media.value.cameraTrack);
  const fit = fitPicture(pictureRatio, rect);
  const { t } = useWords();
  const path = person.link?.kind === 'connected' ? person.link.path : null;

  return (
    <li
      ref={ref}
      class="tile"
      style={{ '--hue': String(hueOf(person.displayName)), ...styleOfCovered(covered) }}
      data-participant-id={person.id}
      data-self={person.isSelf ? '' : undefined}
      data-nameless={person.displayName === '' ? '' : undefined}
      data-floats={floats ? '' : undefined}
      data-link={person.link?.kind}
      data-older={person.plain ? '' : undefined}
      data-path={path === null ? undefined : path.relayed ? 'relayed' : 'direct'}
      data-audio={person.audio ? 'on' : 'off'}
      data-video={person.video ? 'on' : 'off'}
      data-speaking={speaking ? '' : undefined}
      {...drag}
    >
      {!visible && (
        <div class="tile__stand-in">
          <Avatar displayName={person.displayName} size="large" />
        </div>
      )}
      <VideoSlot
        view={view}
        class={`tile__picture tile__picture--${fit}${visible ? ' tile__picture--visible' : ''}${mirrored ? ' mirrored' : ''}`}
      />
      <LinkWords person={person} />
      <NamePlate person={person} speaking={speaking} floats={floats} rect={rect} />
      {canPin && (
        <div class="tile__tools">
          <PinButton
            name={person.displayName === '' ? t('app.guest') : person.displayName}
            pinned={pinned}
            onPin={onPin}
          />
        </div>
      )}
    </li>
  );
}

/** A person for whom this page of the stage has no place: not seen, but told of to who cannot see. */
export function UnseenPerson({ person }: Pick<TileProps, 'person'>) {
  const { t } = useWords();
  const c = useCallWords();
  const name = person.displayName === '' ? t('app.guest') : person.displayName;
  return (
    <li
      class="visually-hidden"
      data-participant-id={person.id}
      data-link={person.link?.kind}
      data-audio={person.audio ? 'on' : 'off'}
      data-video={person.video ? 'on' : 'off'}
    >
      {name}
      {!person.audio && <>, {c('tile.muted')}</>}
      {person.plain && <>, {c('tile.older')}</>}
    </li>
  );
}
