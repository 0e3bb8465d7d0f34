/**
 * In which order the others stand, so that who speaks can be seen and nobody else has to move: who is there keeps their
 * place, who comes goes to the end, and a speaker whose place is not on the first page changes places with the one of that
 * page who has been silent longest.
 *
 * @param previous the order until now.
 * @param present who is there, in the order in which they came.
 * @param onFirstPage how many the first page shows.
 * @param spokenAtMs when each was last heard; missing: never.
 */
export function orderPeople(
  previous: readonly string[],
  present: readonly string[],
  onFirstPage: number,
  speaking: ReadonlySet<string>,
  spokenAtMs: ReadonlyMap<string, number>,
): readonly string[] {
  const here = new Set(present);
  const known = new Set(previous);
  let order = [...previous.filter((id) => here.has(id)), ...present.filter((id) => !known.has(id))];
  for (const [index, id] of order.entries()) {
    if (index < onFirstPage || !speaking.has(id)) continue;
    const silent = longestSilent(order.slice(0, onFirstPage), speaking, spokenAtMs);
    if (silent >= 0) order = order.with(index, order[silent] ?? id).with(silent, id);
  }
  return isSameOrder(order, previous) ? previous : order;
}

function longestSilent(
  ids: readonly string[],
  speaking: ReadonlySet<string>,
  spokenAtMs: ReadonlyMap<string, number>,
): number {
  const silent = ids.filter((id) => !speaking.has(id));
  const at = (id: string) => spokenAtMs.get(id) ?? Number.NEGATIVE_INFINITY;
  // Of several who never spoke the last one goes: the upper left is where one looks first.
  const [longest] = silent
    .toReversed()
    .sort((left, right) => (at(left) < at(right) ? -1 : Number(at(left) > at(right))));
  return longest === undefined ? -1 : ids.indexOf(longest);
}

function isSameOrder(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((id, index) => id === right[index]);
}

/** Who has the floor: who speaks, and after that for as long as nobody else does. */
export function pickSpeaker(
  current: string | null,
  present: readonly string[],
  speaking: ReadonlySet<string>,
): string | null {
  const isHere = current !== null && present.includes(current);
  if (isHere && speaking.has(current)) return current;
  const next = present.find((id) => speaking.has(id));
  return next ?? (isHere ? current : (present[0] ?? null));
}
