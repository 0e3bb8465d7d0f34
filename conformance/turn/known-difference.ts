import { expect } from 'vitest';
import type { TransportClass } from './turn-case.ts';

/** A case that another server is known to fail, so that the suite can still be proven against it. */
export interface KnownDifference {
  readonly caseId: string;
  /** Both by default. */
  readonly transports?: readonly TransportClass[];
  /** What the other server does instead, in words. */
  readonly does: string;
  /** Part of the failure's message; another failure is not this difference. */
  readonly failure: string;
  /** Why ours does not do likewise. */
  readonly why: string;
}

/** Passes when the case fails in the known way: a difference that no longer exists is to be taken off the list. */
export async function expectDifference(
  run: Promise<void>,
  { caseId, failure }: KnownDifference,
): Promise<void> {
  const message = await run.then(
    () => 'the case passed: take the difference off the list',
    (error: unknown) => String(error),
  );
  expect(message, `the known difference in ${caseId}`).toContain(failure);
}
