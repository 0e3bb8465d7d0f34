import type { Extension } from '../extension.ts';
import { oldFiles } from './old-files.ts';
import { openOldDoor } from './open-old-door.ts';

/** The old world: its signaling, its script, and its configuration files. */
export const oldWorld: Extension = { name: 'old world', openDoor: openOldDoor, files: oldFiles };
