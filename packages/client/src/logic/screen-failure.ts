import type { ScreenFailure } from '../local-media-types.ts';
import { explainMediaError } from './media-failure.ts';

/**
 * Names why `getDisplayMedia` failed; null when the person has closed the question, for which browsers give the same error
 * as for being forbidden. What tells them apart is the text alone: Chromium names the system and the policy as the ones
 * who said no.
 */
export function explainScreenError(error: unknown): ScreenFailure | null {
  const reason = explainMediaError(error);
  const text = error instanceof Error || error instanceof DOMException ? error.message : '';
  return reason === 'denied' && !/system|policy/i.test(text) ? null : reason;
}
