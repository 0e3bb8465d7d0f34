import { fiveTupleOf, type Allocation } from '../allocation/allocation.ts';
import { handleClientGone } from '../control/client-gone.ts';
import { setRelayAddresses, type Control, type ControlRules } from '../control/control.ts';
import { endAllocation } from '../control/end-allocation.ts';
import { failHeldRequest } from '../control/fail-held-request.ts';
import { continueRequest, handleMessage } from '../control/handle-message.ts';
import type { IncomingMessage } from '../control/incoming-message.ts';
import type { AllocationEvent, Effects, EndCause, Outcome } from '../control/outcome.ts';
import type { HeldRequest } from '../control/questions.ts';
import { recheckPeers } from '../control/recheck-peers.ts';
import { recordSocket } from '../control/record-socket.ts';
import { sweep } from '../control/sweep.ts';
import { tally, type Tally } from '../control/tally.ts';
import type { ClientPath } from '../plane/client-path.ts';
import type { DataPlane } from '../plane/data-plane.ts';
import type { PlaneRelayAddress } from '../plane/route-change.ts';
import { askForUser } from './ask-for-user.ts';
import { monotonicMs, now } from './clock.ts';
import { describeSession } from './describe-session.ts';
import { Drain, type DrainResult } from './drain.ts';
import { EventStream } from './event-stream.ts';
import { RefusalLog } from './refusal-log.ts';
import type { ServerCounters } from './server-counters.ts';
import { SessionLog } from './session-log.ts';
import type { FindUser, Logger } from './turn-server-options.ts';
import type { TurnEvent, TurnListener, TurnSession } from './turn-session.ts';

const FAILURE_LOG_INTERVAL_MS = 60_000;

/** Runs control: gives it time and messages, carries out what it decides, and tells who wants to know. */
export class ControlRunner {
  readonly #control: Control;
  readonly #plane: DataPlane;
  readonly #counters: ServerCounters;
  readonly #logger: Logger;
  readonly #findUser: FindUser | undefined;
  readonly #events: EventStream;
  readonly #refusals: RefusalLog;
  readonly #sessionLog: SessionLog;
  readonly #drain = new Drain();
  #nextFailureLogMs = 0;

  constructor(parts: {
    readonly control: Control;
    readonly plane: DataPlane;
    readonly counters: ServerCounters;
    readonly logger: Logger;
    readonly findUser: FindUser | undefined;
    /** For a hash table whose keys strangers choose. */
    readonly seed: number;
  }) {
    this.#control = parts.control;
    this.#plane = parts.plane;
    this.#counters = parts.counters;
    this.#logger = parts.logger;
    this.#findUser = parts.findUser;
    this.#events = new EventStream(parts.logger);
    this.#refusals = new RefusalLog(parts.logger, parts.seed);
    this.#sessionLog = new SessionLog(parts.logger, parts.seed);
  }

  tally(): Tally {
    return tally(this.#control, monotonicMs());
  }

  hasAllocation(client: ClientPath): boolean {
    return this.#control.allocations.find(fiveTupleOf(client)) !== undefined;
  }

  receive(client: ClientPath, octets: Uint8Array): void {
    this.#handle({ client, octets });
  }

  #handle(incoming: IncomingMessage): void {
    const instant = now();
    let outcome = handleMessage(this.#control, instant, incoming);
    while (outcome.kind === 'needs-socket') {
      recordSocket(this.#control, outcome, this.#plane.openSocket(outcome.relay, outcome.family));
      outcome = continueRequest(this.#control, instant, outcome.request);
    }
    if (outcome.kind === 'drop') this.#counters.countDrop(outcome.reason);
    else if (outcome.kind === 'ask') void this.#ask(outcome.username);
    else if (outcome.kind === 'answer') this.#answer(incoming.client, outcome);
  }

  #answer(client: ClientPath, outcome: Extract<Outcome, { kind: 'answer' }>): void {
    const { errorCode, refusal } = outcome;
    if (errorCode === undefined) this.#counters.countSuccess(outcome.method);
    else this.#counters.countError(errorCode);
    if (errorCode !== undefined && refusal !== undefined) {
      this.#counters.countRefusal(refusal.reason);
      this.#refusals.note(refusal, { code: errorCode, client: client.remote, nowMs: monotonicMs() });
    }
    // Routes first: the client may send as soon as it has the answer.
    this.#carryOut(outcome.effects);
    const { answerAfterMs, octets } = outcome;
    if (answerAfterMs === undefined) this.#plane.send(client, octets);
    // Who is gone by then gets nothing, and a plane that is closed sends nothing.
    else {
      setTimeout(() => {
        this.#plane.send(client, octets);
      }, answerAfterMs).unref();
    }
  }

  clientGone(client: ClientPath): void {
    this.#carryOut(handleClientGone(this.#control, now(), client));
  }

  sweep(): void {
    for (const effects of sweep(this.#control, now())) this.#carryOut(effects);
    const late = this.#control.questions.takeLate(monotonicMs());
    this.#counters.count('heldTooLong', late.length);
    this.#failHeld(late);
  }

  // -- users whom the embedder knows

  async #ask(username: string): Promise<void> {
    if (this.#findUser === undefined) return;
    this.#counters.count('userAsked');
    const finding = await askForUser(this.#findUser, username);
    const held = this.#control.questions.take(username);
    if (finding.kind === 'failed') {
      this.#counters.count('userFailed');
      this.#logFailedQuestion(finding.error);
      this.#failHeld(held);
      return;
    }
    const credential = finding.kind === 'known' ? finding.credential : undefined;
    for (const { client, octets } of held) this.#handle({ client, octets, answer: { username, credential } });
  }

  #failHeld(held: readonly HeldRequest[]): void {
    for (const request of held) {
      const outcome = failHeldRequest(request);
      if (outcome.kind === 'answer') this.#answer(request.client, outcome);
    }
  }

  #logFailedQuestion(error: unknown): void {
    const nowMs = monotonicMs();
    if (nowMs < this.#nextFailureLogMs) return;
    this.#nextFailureLogMs = nowMs + FAILURE_LOG_INTERVAL_MS;
    this.#logger.error('findUser failed, so that its user was answered 500; more go unsaid for a minute', {
      error,
    });
  }

  // -- the end

  /** Takes no new allocations from now on, and waits until there is none. */
  drain(timeoutMs: number | undefined): Promise<DrainResult> {
    this.#control.isDraining = true;
    return this.#drain.wait(this.#control.allocations.size === 0, timeoutMs);
  }

  resume(): void {
    this.#control.isDraining = false;
  }

  get isDraining(): boolean {
    return this.#control.isDraining;
  }

  get heldRequests(): number {
    return this.#control.questions.size;
  }

  /** Ends everything; what the embedder answers from now on finds nobody waiting. */
  close(): void {
    this.#control.questions.clear();
    for (const allocation of this.#control.allocations.values()) this.#end(allocation, 'server-stopped');
  }

  // -- rules

  replaceRules(rules: Partial<ControlRules>): void {
    this.#control.rules = { ...this.#control.rules, ...rules };
  }

  setRelayAddresses(addresses: readonly PlaneRelayAddress[]): void {
    setRelayAddresses(this.#control, addresses);
  }

  /** Holds what lives against the rules on peers; says how many permissions and channels were withdrawn. */
  recheckPeers(): number {
    let withdrawn = 0;
    for (const effects of recheckPeers(this.#control, now())) {
      withdrawn += effects.changes.length;
      this.#carryOut(effects);
    }
    this.#counters.count('routesWithdrawn', withdrawn);
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

  #end(allocation: Allocation, cause: EndCause): void {
    this.#carryOut(endAllocation(this.#control, monotonicMs(), { allocation, cause }));
  }

  #describe(allocation: Allocation): TurnSession {
    return describeSession(allocation, this.#plane.relayTotals(allocation.id));
  }

  // -- effects

  #carryOut({ changes, events }: Effects): void {
    // While the plane still has a relay that ends, it can say what the relay has carried.
    const described = events.length === 0 ? [] : events.map((event) => this.#describeEvent(event));
    for (const change of changes) this.#plane.apply(change);
    for (const [index, event] of events.entries()) this.#report(event, described[index]);
  }

  /** Undefined for what nobody wants to know. */
  #describeEvent(event: AllocationEvent): TurnEvent | undefined {
    if (event.kind !== 'allocation-ended') {
      if (!this.#events.hasListeners) return undefined;
      return { kind: event.kind, session: this.#describe(event.allocation) };
    }
    const session = this.#describe(event.allocation);
    const durationMs = Math.round(monotonicMs() - event.allocation.createdAtMs);
    return { kind: event.kind, session, cause: event.cause, durationMs };
  }

  #report(event: AllocationEvent, described: TurnEvent | undefined): void {
    switch (event.kind) {
      case 'allocation-created':
        this.#counters.count('allocationCreated');
        break;
      case 'allocation-refreshed':
        this.#counters.count('allocationRefreshed');
        break;
      case 'allocation-ended':
        this.#counters.countEnd(event.cause);
        if (described?.kind !== 'allocation-ended') break;
        this.#counters.count('allocationSeconds', described.durationMs / 1000);
        this.#sessionLog.noteEnd(described, monotonicMs());
        break;
    }
    if (described !== undefined) this.#events.publish(described);
    if (this.#control.allocations.size === 0) this.#drain.noteEmpty();
  }
}
