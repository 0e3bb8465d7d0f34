/** How many letters must be added, removed or changed to make one word of the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const change = from[row - 1] === to[column - 1] ? 0 : 1;
      current.push(
        Math.min(
          (current[column - 1] ?? 0) + 1,
          (previous[column] ?? 0) + 1,
          (previous[column - 1] ?? 0) + change,
        ),
      );
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}

/** The name that was probably meant, or undefined if none is near enough to be worth suggesting. */
export function findClosestName(written: string, names: readonly string[]): string | undefined {
  // Two letters that changed places count as two changes.
  const allowed = written.length < 3 ? 1 : Math.max(2, Math.floor(written.length / 3));
  let closest: string | undefined;
  let closestDistance = allowed + 1;
  for (const name of names) {
    const distance = editDistance(written.toLowerCase(), name);
    if (distance < closestDistance) {
      closest = name;
      closestDistance = distance;
    }
  }
  return closest;
}
