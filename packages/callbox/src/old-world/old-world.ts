import type { Extension } from '../extension.ts';

/** The old world: its signaling, and its configuration files. */
export const oldWorld: Extension = { name: 'old world' };
