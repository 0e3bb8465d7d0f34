import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** The text of a file of the kernel's; undefined where there is none. */
export type ReadKernelFile = (path: string) => string | undefined;

function readKernelFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The folders of a group, from its own up to the root: each may set a limit for all below. */
function foldersOf(mount: string, group: string): readonly string[] {
  const names = group.split('/').filter((name) => name !== '');
  return Array.from(
    { length: names.length + 1 },
    (_, up) => `${mount}/${names.slice(0, names.length - up).join('/')}`,
  );
}

/** The processor time per time that a folder of cgroup v2 allows: `150000 100000` is one and a half cores, `max` no limit. */
function quotaOfVersion2(folder: string, read: ReadKernelFile): number {
  const [quota, period] = (read(`${folder}/cpu.max`) ?? '').trim().split(' ').map(Number);
  return quotient(quota, period);
}

/** The same of cgroup v1, where -1 is no limit. */
function quotaOfVersion1(folder: string, read: ReadKernelFile): number {
  const [quota, period] = ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((name) =>
    Number(read(`${folder}/${name}`) ?? Number.NaN),
  );
  return quotient(quota, period);
}

function quotient(quota = Number.NaN, period = Number.NaN): number {
  return quota > 0 && period > 0 ? quota / period : Infinity;
}

/**
 * How many cores this process may use all the time: those that it may run on, or fewer where a container or a service has a quota
 * of processor time (cgroups(7)), which `os.availableParallelism` of this Node does not know. At least one.
 */
export function countUsableCores(
  cores = availableParallelism(),
  read: ReadKernelFile = readKernelFile,
): number {
  const groups = (read('/proc/self/cgroup') ?? '').split('\n').map((line) => line.split(':'));
  const quotas = groups.flatMap(([, controllers, group = '/']) => {
    // Inside a container the root may be the container's own group, whatever it is called outside: that folder is asked, too.
    if (controllers === '') return foldersOf('/sys/fs/cgroup', group).map((at) => quotaOfVersion2(at, read));
    if (controllers?.split(',').includes('cpu') !== true) return [];
    return foldersOf(`/sys/fs/cgroup/${controllers}`, group)
      .concat(foldersOf('/sys/fs/cgroup/cpu', group))
      .map((at) => quotaOfVersion1(at, read));
  });
  return Math.max(1, Math.min(cores, Math.floor(Math.min(Infinity, ...quotas))));
}
