import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { arrangeStage } from '../../layout/arrange-stage.ts';
import type { Box, Rect } from '../../layout/arrange-tiles.ts';
import { listPeople } from '../../session/people.ts';
import { useSession, useWords } from '../../session/session.ts';
import { AloneCard } from './alone-card.tsx';
import { Tile } from './tile.tsx';
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

const nowhere: Rect = { x: 0, y: 0, width: 0, height: 0 };

export interface StageProps {
  readonly speaking: ReadonlySignal<ReadonlySet<string>>;
  /** Told whether this person's own tile floats in a corner. */
  readonly onSelfFloats: (floats: boolean) => void;
}

/** Everybody in the call, each where `arrangeStage` says. */
export function Stage({ speaking, onSelfFloats }: StageProps) {
  const { elements, media, preferences, stay } = useSession();
  const { t } = useWords();
  const [setElement, box] = useBox();
  const hadCompany = useRef(false);
  const room = stay.room.value;
  const people = room === null ? [] : listPeople(room, media.value);
  const { hideSelf, selfCorner } = preferences.current.value;
  const others = people.length - 1;
  if (others > 0) hadCompany.current = true;
  const arrangement = arrangeStage({
    box,
    others,
    selfHidden: hideSelf,
    selfCorner,
    selfRatio: elements.self.ratio.value ?? 16 / 9,
  });
  const ready = box.width > 0;
  const { selfFloats } = arrangement;
  useEffect(() => onSelfFloats(selfFloats), [onSelfFloats, selfFloats]);

  return (
    <div class="stage" ref={setElement}>
      <ul class="stage__people" aria-label={t('call.people')}>
        {ready &&
          people.map((person, index) => {
            const rect = person.isSelf ? arrangement.self : (arrangement.others[index - 1] ?? nowhere);
            if (rect === null) return null;
            return (
              <Tile
                key={person.id}
                person={person}
                rect={rect}
                box={box}
                floats={person.isSelf && selfFloats}
                speaking={speaking.value.has(person.id)}
              />
            );
          })}
      </ul>
      {ready && arrangement.invitation !== null && (
        <AloneCard rect={arrangement.invitation} again={hadCompany.current} />
      )}
    </div>
  );
}
