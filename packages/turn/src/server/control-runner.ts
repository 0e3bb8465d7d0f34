import { fiveTupleOf, type Allocation } from '../allocation/allocation.ts';
import { handleClientGone } from '../control/client-gone.ts';
import type { Control, ControlRules } from '../control/control.ts';
import { endAllocation } from '../control/end-allocation.ts';
import { handleMessage } from '../control/handle-message.ts';
import type { AllocationEvent, Effects, EndCause } from '../control/outcome.ts';
import { recheckPeers } from '../control/recheck-peers.ts';
import { recordSocket } from '../control/record-socket.ts';
import { sweep } from '../control/sweep.ts';
import type { ClientPath } from '../plane/client-path.ts';
import type { DataPlane } from '../plane/data-plane.ts';
import { monotonicMs, now } from './clock.ts';
import { describeSession } from './describe-session.ts';
import { EventStream } from './event-stream.ts';
import { logSessionEnd } from './log-session-end.ts';
import type { ServerCounters } from './server-counters.ts';
import type { Logger } from './turn-server-options.ts';
import type { TurnEvent, TurnListener, TurnSession } from './turn-session.ts';

/** Runs control: gives it time and messages, carries out what it decides, and tells who wants to know. */
export class ControlRunner {
  readonly #control: Control;
  readonly #plane: DataPlane;
  readonly #counters: ServerCounters;
  readonly #logger: Logger;
  readonly #events: EventStream;

  constructor(parts: {
    readonly control: Control;
    readonly plane: DataPlane;
    readonly counters: ServerCounters;
    readonly logger: Logger;
  }) {
    this.#control = parts.control;
    this.#plane = parts.plane;
    this.#counters = parts.counters;
    this.#logger = parts.logger;
    this.#events = new EventStream(parts.logger);
  }

  get allocations(): number {
    return this.#control.allocations.size;
  }

  hasAllocation(client: ClientPath): boolean {
    return this.#control.allocations.find(fiveTupleOf(client)) !== undefined;
  }

  receive(client: ClientPath, octets: Uint8Array): void {
    const instant = now();
    let outcome = handleMessage(this.#control, instant, { client, octets });
    while (outcome.kind === 'needs-socket') {
      recordSocket(this.#control, outcome, this.#plane.openSocket(outcome.relay, outcome.family));
      outcome = handleMessage(this.#control, instant, { client, octets });
    }
    if (outcome.kind === 'drop') {
      this.#counters.countDrop(outcome.reason);
      return;
    }
    if (outcome.errorCode === undefined) this.#counters.countSuccess(outcome.method);
    else this.#counters.countError(outcome.errorCode);
    // Routes first: the client may send as soon as it has the answer.
    this.#carryOut(outcome.effects);
    this.#plane.send(client, outcome.octets);
  }

  clientGone(client: ClientPath): void {
    this.#carryOut(handleClientGone(this.#control, now(), client));
  }

  sweep(): void {
    for (const effects of sweep(this.#control, now())) this.#carryOut(effects);
  }

  // -- rules

  replaceRules(rules: Partial<ControlRules>): void {
    this.#control.rules = { ...this.#control.rules, ...rules };
  }

  /** Holds what lives against the rules on peers; says how many permissions and channels were withdrawn. */
  recheckPeers(): number {
    let withdrawn = 0;
    for (const effects of recheckPeers(this.#control, now())) {
      withdrawn += effects.changes.length;
      this.#carryOut(effects);
    }
    this.#counters.countWithdrawn(withdrawn);
    return withdrawn;
  }

  // -- sessions

  subscribe(listener: TurnListener): () => void {
    return this.#events.subscribe(listener);
  }

  sessions(): readonly TurnSession[] {
    return Array.from(this.#control.allocations.values(), (allocation) => this.#describe(allocation));
  }

  endSession(id: number): boolean {
    const allocation = this.#control.allocations.findById(id);
    if (allocation !== undefined) this.#end(allocation, 'ended-by-operator');
    return allocation !== undefined;
  }

  endSessionsOf(account: string): number {
    const theirs = [...this.#control.allocations.values()].filter(({ owner }) => owner.account === account);
    for (const allocation of theirs) this.#end(allocation, 'ended-by-operator');
    return theirs.length;
  }

  endAll(cause: EndCause): void {
    for (const allocation of this.#control.allocations.values()) this.#end(allocation, cause);
  }

  #end(allocation: Allocation, cause: EndCause): void {
    this.#carryOut(endAllocation(this.#control, monotonicMs(), { allocation, cause }));
  }

  #describe(allocation: Allocation): TurnSession {
    return describeSession(this.#control, allocation, this.#plane.relayTotals(allocation.id));
  }

  // -- effects

  #carryOut({ changes, events }: Effects): void {
    // While the plane still has a relay that ends, it can say what the relay has carried.
    const described = events.map((event) => this.#describeEvent(event));
    for (const change of changes) this.#plane.apply(change);
    for (const event of described) this.#report(event);
  }

  #describeEvent(event: AllocationEvent): TurnEvent {
    const session = this.#describe(event.allocation);
    if (event.kind !== 'allocation-ended') return { kind: event.kind, session };
    const durationMs = Math.round(monotonicMs() - event.allocation.createdAtMs);
    return { kind: event.kind, session, cause: event.cause, durationMs };
  }

  #report(event: TurnEvent): void {
    if (event.kind === 'allocation-created') this.#counters.countAllocation();
    if (event.kind === 'allocation-ended') {
      this.#counters.countEnd(event.cause);
      logSessionEnd(this.#logger, event);
    }
    this.#events.publish(event);
  }
}
