import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { countUsableCores } from './count-usable-cores.ts';

function cores(files: Readonly<Record<string, string>>, machine = 8): number {
  return countUsableCores(machine, (path) => files[path.replaceAll(/\/+$/g, '')]);
}

test('without a quota they are those of the machine', () => {
  expect(cores({})).toBe(8);
  expect(cores({ '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup//cpu.max': 'max 100000\n' })).toBe(8);
  expect(countUsableCores()).toBeLessThanOrEqual(availableParallelism());
});

test.each([
  ['half a core', '50000 100000', 1],
  ['one and a half', '150000 100000', 1],
  ['four', '400000 100000', 4],
  ['more than there are', '1600000 100000', 8],
])('a quota of %s is obeyed, in whole cores', (_name, quota, expected) => {
  const files = { '/proc/self/cgroup': '0::/app\n', '/sys/fs/cgroup/app/cpu.max': `${quota}\n` };
  expect(cores(files)).toBe(expected);
});

test('a quota of what we are a part of counts, and so does that of a container which calls itself otherwise', () => {
  expect(
    cores({
      '/proc/self/cgroup': '0::/system.slice/callbox.service\n',
      '/sys/fs/cgroup/system.slice/callbox.service/cpu.max': '600000 100000\n',
      '/sys/fs/cgroup/system.slice/cpu.max': '300000 100000\n',
    }),
  ).toBe(3);
  expect(
    cores({ '/proc/self/cgroup': '0::/docker/1234\n', '/sys/fs/cgroup//cpu.max': '200000 100000\n' }),
  ).toBe(2);
});

test('so does one of the older kind', () => {
  const group = '3:cpuset:/\n2:cpu,cpuacct:/docker/1234\n';
  const [quota, period] = ['cpu.cfs_quota_us', 'cpu.cfs_period_us'];
  const at = (folder: string, value: string) => ({
    '/proc/self/cgroup': group,
    [`${folder}/${quota}`]: `${value}\n`,
    [`${folder}/${period}`]: '100000\n',
  });
  expect(cores(at('/sys/fs/cgroup/cpu,cpuacct/docker/1234', '200000'))).toBe(2);
  expect(cores(at('/sys/fs/cgroup/cpu/', '300000'))).toBe(3);
  expect(cores(at('/sys/fs/cgroup/cpu/', '-1'))).toBe(8);
});
