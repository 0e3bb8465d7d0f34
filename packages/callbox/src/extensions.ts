import type { Extension } from './extension.ts';
import { oldWorld } from './old-world/old-world.ts';

/** Take a line away, and the program does without that part. */
export const extensions: readonly Extension[] = [oldWorld];
