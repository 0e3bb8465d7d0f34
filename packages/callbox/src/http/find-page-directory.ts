import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Beside the program in a package, among the applications in the repository. */
const candidates = ['../../pages/', '../../../../apps/web/dist/'];

/** Where the built pages are, or undefined if they have not been built. */
export function findPageDirectory(): string | undefined {
  return candidates
    .map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)))
    .find((directory) => existsSync(`${directory}index.html`));
}
