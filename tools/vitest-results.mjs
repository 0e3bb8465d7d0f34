import { readFileSync } from 'node:fs';

/**
 * Counts the tests of one run of vitest from the file that its JSON reporter wrote.
 *
 * @returns null where there is no such file: the run did not come to its end.
 */
export function countResults(file) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
  // A file that cannot be loaded fails without a test to its name: it counts as one.
  const brokenFiles = report.testResults.filter(
    (result) =>
      result.status === 'failed' && result.assertionResults.every((test) => test.status !== 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
