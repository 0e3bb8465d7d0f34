import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/**
 * Counts the tests of one run of vitest from the file that its JSON reporter wrote, and names those that failed, and
 * those that passed only when they were tried again.
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
    failures: [
      ...listTests(report, (test) => test.status === 'failed'),
      ...brokenFiles.map(({ name, message }) => ({ name: shorten(name), reason: firstLine(message) })),
    ],
    // One that is tried again keeps the reason of its first failure.
    secondTries: listTests(report, (test) => test.status === 'passed' && test.failureMessages.length > 0),
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function listTests(report, isWanted) {
  return report.testResults.flatMap((file) =>
    file.assertionResults.filter(isWanted).map((test) => ({
      name: `${shorten(file.name)}: ${test.fullName}`,
      reason: firstLine(test.failureMessages[0]),
    })),
  );
}

function shorten(file) {
  return relative(process.cwd(), file);
}

function firstLine(text = '') {
  return text.split('\n', 1)[0].slice(0, 300);
}
