import { cpus } from 'node:os';

/**
 * Ends the process where the benchmark cannot run: it needs root, for namespaces, Linux and two cores. That is a failure,
 * unless it is forgiven, which it never is in CI.
 */
export function requireSurroundings({ isForgiven }) {
  if (process.platform === 'linux' && process.getuid?.() === 0 && cpus().length >= 2) return;
  process.stderr.write(
    '*** NOT RUN HERE: the benchmark needs root on Linux, for namespaces, and two cores\n',
  );
  process.exit(process.env.CI === 'true' || !isForgiven ? 1 : 0);
}
