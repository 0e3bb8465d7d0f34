import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SystemFact } from '../facts.ts';

export interface SystemSources {
  /** Where proc(5) is. */
  readonly proc: string;
  /** Where this program's control group is (cgroups(7)). */
  readonly cgroup: string;
  /** The server, where it was found. */
  readonly serverPid: number | undefined;
  /** The relay's port of UDP. */
  readonly relayPort: number;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Another system, or an older kernel: then nothing is said about it.
    return undefined;
  }
}

function readNumber(path: string): number | undefined {
  const value = Number(read(path)?.trim() || Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** Each line of the kernel's table ends with what found no room at that socket (proc(5)). */
function readDroppedDatagrams({ proc, relayPort }: SystemSources): number | undefined {
  const port = relayPort.toString(16).toUpperCase().padStart(4, '0');
  const tables = ['udp', 'udp6'].map((table) => read(join(proc, 'net', table)) ?? '');
  const drops = tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${port}`) === true)
    .map((fields) => Number(fields.at(-1)));
  return drops.length === 0 ? undefined : drops.reduce((sum, count) => sum + count, 0);
}

function readEphemeralPorts(proc: string): SystemFact['ephemeralPorts'] {
  const [min, max] = (read(join(proc, 'sys/net/ipv4/ip_local_port_range')) ?? '')
    .trim()
    .split(/\s+/)
    .map(Number);
  return min === undefined || max === undefined ? undefined : { min, max };
}

/** The soft limit for a server that runs; for one to come the hard one, to which Node raises its own. */
function readMaxOpenFiles({ proc, serverPid }: SystemSources): number | undefined {
  const limits = read(join(proc, `${serverPid ?? 'self'}/limits`)) ?? '';
  const groups = /^Max open files\s+(?<soft>\S+)\s+(?<hard>\S+)/m.exec(limits)?.groups;
  const text = serverPid === undefined ? groups?.['hard'] : groups?.['soft'];
  return text === undefined || text === 'unlimited' ? undefined : Number(text);
}

function readFreeMemory({ proc, cgroup }: SystemSources): number | undefined {
  const kibibytes = /^MemAvailable:\s+(?<value>\d+) kB/m.exec(read(join(proc, 'meminfo')) ?? '')?.groups?.[
    'value'
  ];
  const limit = readNumber(join(cgroup, 'memory.max'));
  const used = readNumber(join(cgroup, 'memory.current'));
  const candidates = [
    ...(kibibytes === undefined ? [] : [Number(kibibytes) * 1024]),
    ...(limit === undefined || used === undefined ? [] : [limit - used]),
  ];
  return candidates.length === 0 ? undefined : Math.min(...candidates);
}

/** Reads what the kernel tells of itself. On other systems than Linux there is nothing to read. */
export function readSystem(sources: SystemSources): SystemFact {
  return {
    droppedDatagrams: readDroppedDatagrams(sources),
    maxReceiveBuffer: readNumber(join(sources.proc, 'sys/net/core/rmem_max')),
    ephemeralPorts: readEphemeralPorts(sources.proc),
    maxOpenFiles: readMaxOpenFiles(sources),
    freeMemoryBytes: readFreeMemory(sources),
  };
}
