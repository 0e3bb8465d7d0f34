import { useRef } from 'preact/hooks';
import { orderPeople, pickSpeaker } from '../../layout/order-people.ts';

export interface Floor {
  /** The others, in the order in which they stand. */
  readonly order: readonly string[];
  /** Who speaks or spoke last. */
  readonly speaker: string | null;
}

/** Follows in which order the others stand and which of them has the floor. */
export function useFloor(
  others: readonly string[],
  speaking: ReadonlySet<string>,
  onFirstPage: number,
): Floor {
  const spokenAtMs = useRef(new Map<string, number>());
  const floor = useRef<Floor>({ order: [], speaker: null });
  const nowMs = performance.now();
  for (const id of speaking) spokenAtMs.current.set(id, nowMs);
  const { order, speaker } = floor.current;
  floor.current = {
    order: orderPeople(order, others, onFirstPage, speaking, spokenAtMs.current),
    speaker: pickSpeaker(speaker, others, speaking),
  };
  return floor.current;
}
