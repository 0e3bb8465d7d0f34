import { expect, test } from 'vitest';
import type { ControlWorld, Reaction } from './control-world.ts';

/** A packet that has to be refused, or dropped, and the same one without what is wrong with it, which has to succeed. */
export interface RefusalCase<Stage extends { readonly world: ControlWorld }> {
  /** An error code, or the reason of a drop; for all faults, or for each. */
  readonly expect: Verdict | Readonly<Record<string, Verdict>>;
  /** What may be wrong, each tried by itself. */
  readonly faults: readonly string[];
  /** Nothing is wrong. */
  readonly twin: string;
  /** How things are before. */
  readonly stage: () => Stage;
  /** Makes the packet, with the fault or as the twin, and sends it. */
  readonly send: (stage: Stage, variant: string) => Reaction;
}

type Verdict = number | Exclude<Reaction, object>;

/**
 * Declares the tests of one entry of the list of attacks (`conformance/attack-list`), under its id: one for each fault, and
 * its twin. A refusal changes nothing, and does not keep the right packet from succeeding afterwards.
 */
export function refusal<Stage extends { readonly world: ControlWorld }>(
  id: string,
  title: string,
  refused: RefusalCase<Stage>,
): void {
  const { faults, twin, stage: setUp, send } = refused;
  test.each(faults)(`${id} ${title}: %s`, (fault) => {
    const stage = setUp();
    stage.world.takeChanges();
    const allocations = stage.world.control.allocations.size;
    const expected = typeof refused.expect === 'object' ? refused.expect[fault] : refused.expect;
    expect(verdictOf(send(stage, fault))).toBe(expected);
    expect(stage.world.takeChanges()).toEqual([]);
    expect(stage.world.control.allocations.size).toBe(allocations);
    expect(verdictOf(send(stage, twin))).toBe(0);
  });
  test(`${id} twin: ${title}: ${twin}`, () => {
    expect(verdictOf(send(setUp(), twin))).toBe(0);
  });
}

function verdictOf(reaction: Reaction): Verdict {
  return typeof reaction === 'string' ? reaction : reaction.code;
}
