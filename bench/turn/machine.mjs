import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release } from 'node:os';
import koffi from 'koffi';
import { goFirst } from './processes.mjs';

/** What a figure depends on: the processor, the versions, and how busy the machine was. */
export function describeMachine() {
  const coturn = spawnSync('turnserver', ['--version'], { encoding: 'utf8' }).stdout ?? '';
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    kernel: release(),
    node: process.versions.node,
    koffi: koffi.version,
    coturn: /\d+\.\d+\.\d+/u.exec(coturn)?.[0] ?? 'none',
    goFirst,
    /** Processes that ran or waited for a core in the last minutes: 1 to 2 on a quiet machine, since the benchmark itself runs. */
    loadAverage: Math.round((loadavg()[2] ?? 0) * 10) / 10,
  };
}
