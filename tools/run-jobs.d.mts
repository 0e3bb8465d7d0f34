export function runJobs<TJob extends { readonly cores: number }, TResult>(
  jobs: readonly TJob[],
  cores: number,
  run: (job: TJob) => Promise<TResult>,
): Promise<TResult[]>;
