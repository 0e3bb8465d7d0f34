import { describe, expect, test } from 'vitest';
import { findProgram } from './find-program.ts';

/**
 * Declares tests that need other programs. Where one is missing, CI fails; elsewhere a line says loudly that they were
 * skipped, and why.
 */
export function describeWithPrograms(programs: readonly string[], declare: () => void): void {
  const missing = programs.filter((name) => findProgram(name) === undefined);
  const isMandatory = process.env['CI'] === 'true';
  if (missing.length > 0 && !isMandatory) {
    process.stderr.write(
      `\nSKIPPED: not installed: ${missing.join(', ')} (Debian's package coturn has them)\n\n`,
    );
  }
  test.runIf(isMandatory)('the other programs that these tests need are installed', () => {
    expect(missing).toEqual([]);
  });
  describe.runIf(missing.length === 0)(`with ${programs.join(', ')}`, () => {
    declare();
  });
}
