import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const main = join(import.meta.dirname, '../../packages/callbox/dist/main.js');

/** What of `callbox status` tests look at. */
export interface ToldStatus {
  readonly relay: { readonly workers: readonly { readonly relays: number; readonly packets: number }[] };
}

/** What `callbox status` tells of the server whose data are in that directory. */
export async function readStatus(dataDirectory: string): Promise<ToldStatus> {
  const command = [main, 'status', '--json', '--data-dir', dataDirectory];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  return JSON.parse(stdout) as ToldStatus;
}
