import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** The same for all processes of one running kernel; on Linux another one after each boot, on every machine. */
export function readMachineName(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return hostname();
  }
}
