/** Deeper than any page's data, and far from what makes `JSON.stringify` run out of stack. */
const deepest = 32;

/** Whether a value of JSON nests no deeper than 32 levels. Looks level by level: it needs no stack of its own. */
export function isShallow(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return false;
    level = level.flatMap((entry) =>
      typeof entry === 'object' && entry !== null ? Object.values(entry) : [],
    );
  }
  return true;
}
