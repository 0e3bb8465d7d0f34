import type { TurnSession } from '@callbox/turn';
import type { ExtensionStatus } from '../extension.ts';

/** What the relay may still send this month. */
export interface BudgetStatus {
  /** In UTC: `2026-11`. */
  readonly month: string;
  readonly sentOctets: number;
  /** Undefined where there is no limit. */
  readonly limitOctets: number | undefined;
}

/** A process that carries packets for the relay. */
export interface WorkerStatus {
  /** Undefined while it is started, replaced or ended. */
  readonly pid?: number | undefined;
  readonly relays: number;
  /** How much of a core it uses: 1 is a core, all the time. */
  readonly cores: number;
  /** Since it began. */
  readonly packets: number;
}

/** What the relay does now. */
export interface RelayStatus {
  /** Why it takes nobody new, if it does not. */
  readonly refuses: 'drained' | 'over-budget' | undefined;
  readonly gauges: Readonly<Record<string, number>>;
  /** Which way of moving packets it has. */
  readonly plane: string;
  /** Other processes that carry packets at this moment. */
  readonly workers: readonly WorkerStatus[];
  /** Since the start, by name. */
  readonly counters: Readonly<Record<string, number>>;
  readonly budget: BudgetStatus;
}

/** What `callbox status` is told. */
export interface ServerStatus {
  readonly version: string;
  readonly roles: readonly string[];
  /** Seconds since the start. */
  readonly uptimeSeconds: number;
  /** Undefined where signaling does not run here. */
  readonly rooms:
    | {
        readonly rooms: number;
        readonly participants: number;
        /** Rooms that would not outlive the server, because the disk fails. */
        readonly unwritten: number;
      }
    | undefined;
  /** Undefined where the relay does not run here. */
  readonly relay: RelayStatus | undefined;
  readonly extensions: readonly ExtensionStatus[];
}

/** The relay, as far as its operator may give it orders. */
export interface RelayAdmin {
  readonly sessions: () => readonly TurnSession[];
  /** False when there is none of that id. */
  readonly endSession: (id: number) => boolean;
  /** Takes nobody new from now on. */
  readonly drain: () => void;
}
