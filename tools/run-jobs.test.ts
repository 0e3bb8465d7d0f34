import { expect, test } from 'vitest';
import { runJobs } from './run-jobs.mjs';

interface Job {
  readonly name: string;
  readonly cores: number;
  readonly ticks: number;
}

/** Runs jobs that take so many ticks, and says which were at work in each tick. */
async function ticksOf(jobs: readonly Job[], cores: number): Promise<string[]> {
  const left = new Map<Job, { ticks: number; end: () => void }>();
  const ticks: string[] = [];
  const all = runJobs(
    jobs,
    cores,
    (job) => new Promise<void>((end) => void left.set(job, { ticks: job.ticks, end })),
  );
  for (; left.size > 0; await new Promise(setImmediate)) {
    ticks.push([...left.keys()].map(({ name }) => name).join(''));
    for (const [job, state] of left) {
      state.ticks -= 1;
      if (state.ticks > 0) continue;
      left.delete(job);
      state.end();
    }
  }
  await all;
  return ticks;
}

const job = (name: string, cores: number, ticks: number): Job => ({ name, cores, ticks });

test('as many run as there are cores for, the next as soon as one ends', async () => {
  const jobs = [job('a', 1, 3), job('b', 1, 1), job('c', 1, 1), job('d', 1, 2)];
  expect(await ticksOf(jobs, 2)).toEqual(['ab', 'ac', 'ad', 'd']);
});

test('what mostly waits runs beside what does not, and what does not fit lets others by', async () => {
  const jobs = [job('a', 1.5, 2), job('b', 1, 1), job('c', 0.2, 1), job('d', 0.3, 1)];
  expect(await ticksOf(jobs, 2)).toEqual(['acd', 'a', 'b']);
});

test('fractions of cores add up', async () => {
  const jobs = ['a', 'b', 'c'].map((name) => job(name, 0.1, 1));
  expect(await ticksOf(jobs, 0.3)).toEqual(['abc']);
});

test('what wants more than there is runs by itself', async () => {
  const jobs = [job('a', Infinity, 1), job('b', Infinity, 1), job('c', 1, 1)];
  expect(await ticksOf(jobs, 1)).toEqual(['a', 'b', 'c']);
});

test('results come in the order of the list', async () => {
  const jobs = [job('slow', 1, 2), job('quick', 1, 1)];
  const ends = new Map([
    ['slow', 10],
    ['quick', 1],
  ]);
  const names = await runJobs(jobs, 2, async ({ name }) => {
    await new Promise((resolve) => setTimeout(resolve, ends.get(name)));
    return name;
  });
  expect(names).toEqual(['slow', 'quick']);
});

test('an error of the one who runs them ends all', async () => {
  const failing = runJobs([job('a', 1, 1)], 1, () => Promise.reject(new Error('no such thing')));
  await expect(failing).rejects.toThrow('no such thing');
});
