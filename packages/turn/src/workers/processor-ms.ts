import { cpuUsage } from 'node:process';

/** The processor time that this process has used so far, all threads of it, in milliseconds. */
export function processorMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}
