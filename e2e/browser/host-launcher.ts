import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GuestHost } from './guest.ts';

/** Writes a program into `folder` that runs another one on a host: drivers of browsers want a single file. @returns its path. */
export async function writeHostLauncher(folder: string, host: GuestHost, program: string): Promise<string> {
  const file = join(folder, 'launch');
  await writeFile(file, `#!/bin/sh\nexec ${host.prefix.join(' ')} ${program} "$@"\n`, { mode: 0o700 });
  return file;
}
