import type { DiagnosisId, Finding } from '../diagnosis-table.ts';
import type { Facts } from '../facts.ts';

/**
 * Looks at the facts of one kind. `hasFound` says what earlier ones have found, so that what only follows from it is not
 * said again. No input or output, no clock.
 */
export type Judgement = (
  facts: Facts,
  hasFound: (...ids: readonly DiagnosisId[]) => boolean,
) => readonly Finding[];
