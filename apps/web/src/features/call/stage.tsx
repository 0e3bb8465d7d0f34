import type { ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { arrangeStage, pageCapacity, type StageArrangement } from '../../layout/arrange-stage.ts';
import type { Box, Rect } from '../../layout/arrange-tiles.ts';
import { coveredBy } from '../../layout/covered-by.ts';
import { listPeople } from '../../session/people.ts';
import { useSession, useWords } from '../../session/session.ts';
import { lazy } from '../../ui/lazy.tsx';
import { AloneCard } from './alone-card.tsx';
import { useCallWords } from './call-words.tsx';
import type { SmallView } from './list-wants.ts';
import { Pager } from './pager.tsx';
import { ScreenTile } from './screen-tile.tsx';
import { chooseShown, chooseStageItems, screenKey, type StageItem } from './stage-items.ts';
import { Tile, UnseenPerson } from './tile.tsx';
import { useFloor } from './use-floor.ts';
import type { SmallWindow } from './use-small-window.ts';
import { useWants } from './use-wants.ts';
import './stage.css';

/** The size of an element, as it changes. */
function useBox(): [(element: HTMLElement | null) => void, Box] {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [box, setBox] = useState<Box>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    if (element === null) return undefined;
    const read = () => setBox({ width: element.clientWidth, height: element.clientHeight });
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, box];
}

/** That of a picture which has not come yet. */
const usualRatio = 16 / 9;
const nowhere: Rect = { x: 0, y: 0, width: 0, height: 0 };

export interface StageProps {
  readonly speaking: ReadonlySignal<ReadonlySet<string>>;
  /** Told whether this person's own tile floats in a corner. */
  readonly onSelfFloats: (floats: boolean) => void;
  readonly smallWindow: SmallWindow | null;
  /** Holds the element that plays what a small window would show. */
  readonly shownVideo: RefObject<HTMLVideoElement | null>;
}

const SmallWindowLater = lazy(async () => (await import('../small-window-chunk.ts')).SmallWindowView);

/** What the small window shows of the stage, and how large. */
function viewSmall(small: SmallWindow | null, shown: StageItem | null, box: Box): SmallView | null {
  switch (small?.kind) {
    case 'page':
      return shown && { key: shown.key, box, density: small.page.devicePixelRatio };
    case 'picture': {
      const { participantId = '', source } = small.video.dataset;
      const key = source === 'screen' ? screenKey(participantId) : participantId;
      return { key, box: small.box, density: window.devicePixelRatio };
    }
    default:
      return null;
  }
}

/** How high the strip below what is large is, with the gap above it; 0 where the strip is elsewhere. */
function heightOfStripBelow({ spotlight, others }: StageArrangement, box: Box): number {
  const lowest = Math.max(0, ...spotlight.map(({ y, height }) => y + height));
  const [first] = others;
  return first !== undefined && lowest > 0 && first.y >= lowest ? Math.round(box.height - lowest) : 0;
}

/** Everybody in the call and all that is shown, each where `arrangeStage` says. */
export function Stage({ speaking, onSelfFloats, smallWindow, shownVideo }: StageProps) {
  const { elements, media, preferences, stay } = useSession();
  const { t } = useWords();
  const c = useCallWords();
  const [setElement, box] = useBox();
  const [pinned, setPinned] = useState<string | null>(null);
  const [page, setPage] = useState(0);
  const [smallBox, setSmallBox] = useState<Box>({ width: 360, height: 200 });
  const hadCompany = useRef(false);
  const room = stay.room.value;
  const people = room === null ? [] : listPeople(room, media.value);
  const [self, ...others] = people;
  const byId = new Map(others.map((person) => [person.id, person]));
  if (others.length > 0) hadCompany.current = true;

  const { hideSelf, selfCorner, stageView } = preferences.current.value;
  const { order, speaker } = useFloor([...byId.keys()], speaking.value, pageCapacity(box, byId.size));
  const items = chooseStageItems({
    others: order.flatMap((id) => byId.get(id) ?? []),
    view: stageView,
    pinned,
    speaker,
  });
  const arrangement = arrangeStage({
    box,
    others: items.others.length,
    spotlight: items.spotlight.length,
    // Only screens are large together.
    spotlightRatios: items.spotlight.map(({ kind, person }) =>
      kind === 'screen' ? (elements.screenOf(person.id).ratio.value ?? usualRatio) : usualRatio,
    ),
    page,
    selfHidden: hideSelf,
    selfCorner,
    selfRatio: elements.self.ratio.value ?? usualRatio,
  });
  const ready = box.width > 0;
  const { selfFloats, first } = arrangement;
  useEffect(() => onSelfFloats(selfFloats), [onSelfFloats, selfFloats]);

  const floating = selfFloats ? arrangement.self : null;
  const places = new Map<string, Rect>();
  for (const [index, { key }] of items.spotlight.entries()) {
    places.set(key, arrangement.spotlight[index] ?? nowhere);
  }
  for (const [index, rect] of arrangement.others.entries()) {
    const item = items.others[first + index];
    if (item !== undefined) places.set(item.key, rect);
  }
  const screens = [...items.spotlight, ...items.others].filter(({ kind }) => kind === 'screen');
  const large = new Set(items.spotlight.map(({ key }) => key));
  const own: StageItem | null = self === undefined ? null : { key: self.id, kind: 'person', person: self };
  const shown = chooseShown(items, speaker) ?? own;
  useWants(others, { places, large, small: viewSmall(smallWindow, shown, smallBox) });
  useLayoutEffect(() => {
    if (shown === null) return;
    const { kind, person } = shown;
    const view = person.isSelf
      ? elements.self
      : kind === 'screen'
        ? elements.screenOf(person.id)
        : elements.cameraOf(person.id);
    // oxlint-disable-next-line no-param-reassign -- that is what a ref is for
    shownVideo.current = view.element;
  });
  const pinOf = (key: string) => ({
    canPin: others.length + screens.length > 1,
    pinned: pinned === key,
    onPin: (wanted: boolean) => setPinned(wanted ? key : null),
  });

  return (
    <div class="stage" ref={setElement}>
      {smallWindow?.kind === 'page' && shown !== null && (
        <SmallWindowLater
          page={smallWindow.page}
          shown={shown}
          speaking={speaking.value.has(shown.person.id)}
          onBox={setSmallBox}
        />
      )}
      {screens.length > 0 && (
        <ul class="stage__screens" aria-label={c('screens')}>
          {screens.map(({ key, person }) => {
            const rect = places.get(key);
            if (!ready || rect === undefined) return null;
            return (
              <ScreenTile
                key={key}
                person={person}
                rect={rect}
                covered={coveredBy(rect, floating)}
                large={large.has(key)}
                {...pinOf(key)}
              />
            );
          })}
        </ul>
      )}
      <ul class="stage__people" aria-label={t('call.people')}>
        {ready && self !== undefined && arrangement.self !== null && (
          <Tile
            key={self.id}
            person={self}
            rect={arrangement.self}
            box={box}
            floats={selfFloats}
            speaking={speaking.value.has(self.id)}
            {...pinOf(self.id)}
            canPin={false}
          />
        )}
        {ready &&
          others.map((person) => {
            const rect = places.get(person.id);
            if (rect === undefined) return <UnseenPerson key={person.id} person={person} />;
            return (
              <Tile
                key={person.id}
                person={person}
                rect={rect}
                box={box}
                floats={false}
                covered={coveredBy(rect, floating)}
                speaking={speaking.value.has(person.id)}
                {...pinOf(person.id)}
              />
            );
          })}
      </ul>
      {ready && arrangement.invitation !== null && (
        <AloneCard rect={arrangement.invitation} again={hadCompany.current} />
      )}
      <Pager
        page={arrangement.page}
        pages={arrangement.pages}
        aside={items.spotlight.length > 0}
        above={heightOfStripBelow(arrangement, box)}
        onTurn={setPage}
      />
    </div>
  );
}
