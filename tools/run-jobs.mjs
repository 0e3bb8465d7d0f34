/**
 * Runs jobs beside each other, as many as there are cores for. Whenever one ends, those that wait are looked at in the order of
 * the list, and each that fits beside what runs is started.
 *
 * @param jobs each with `cores`: how many it keeps busy, on the average. More than there are: it runs by itself.
 * @param run starts one; resolves with its result.
 * @returns the results, in the order of the list.
 */
export async function runJobs(jobs, cores, run) {
  const results = new Map();
  const waiting = new Set(jobs);
  const running = new Map();
  const fits = (job) => {
    const busy = [...running.keys()].reduce((sum, other) => sum + other.cores, 0);
    // Sums of fractions are a little off.
    return running.size === 0 || busy + job.cores <= cores + 1e-9;
  };
  const runToEnd = async (job) => {
    results.set(job, await run(job));
    running.delete(job);
  };
  while (waiting.size + running.size > 0) {
    for (const job of waiting) {
      if (!fits(job)) continue;
      waiting.delete(job);
      running.set(job, runToEnd(job));
    }
    await Promise.race(running.values());
  }
  return jobs.map((job) => results.get(job));
}
