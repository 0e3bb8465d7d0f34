import type { IpAddress } from '@callbox/stun';
import { AllocationTable } from '../allocation/allocation-table.ts';
import { PortPool, type PortRange, type RandomBelow } from '../allocation/port-pool.ts';
import { Quota } from '../allocation/quota.ts';
import { createRealm, type Realm } from '../auth/authenticate.ts';
import { createAnswerLimiter, type AnswerLimiter, type AnswerRate } from '../auth/answer-limiter.ts';
import { createRecentSources, type RecentSources } from '../auth/recent-sources.ts';
import type { CredentialStore } from '../auth/credential-store.ts';
import { createNonces, type Nonces } from '../auth/nonce.ts';
import type { PlaneRelayAddress } from '../plane/route-change.ts';
import type { OwnAddresses } from '../policy/own-addresses.ts';
import type { PeerPolicy } from '../policy/peer-policy.ts';
import { Questions, type QuestionLimits } from './questions.ts';

export type Family = IpAddress['family'];

/** Seconds that things live. */
export interface Lifetimes {
  /** What an allocation gets when the client asks for less, or nothing. */
  readonly defaultAllocationSeconds: number;
  readonly maxAllocationSeconds: number;
  readonly permissionSeconds: number;
  readonly channelSeconds: number;
  /** How long number and peer of an expired channel stay tied. */
  readonly channelHoldSeconds: number;
  readonly nonceSeconds: number;
}

/** How much there may be. */
export interface ControlLimits {
  readonly allocationsPerAccount: number;
  readonly allocationsPerSource: number;
  readonly allocationsTotal: number;
  readonly permissionsPerAllocation: number;
  readonly channelsPerAllocation: number;
  /**
   * Answers to requests without valid credentials, and to Binding requests, per source over UDP; and questions to the
   * embedder, per source over anything.
   */
  readonly strangerAnswers: AnswerRate;
}

/** What may be asked of the embedder while a request waits. */
export interface QuestionSettings extends QuestionLimits {
  /** Where nobody answers, nobody is asked: users whom the store does not know are refused at once. */
  readonly isAnswered: boolean;
}

/** What may be replaced while the server runs. */
export interface ControlRules {
  readonly credentials: CredentialStore;
  readonly policy: PeerPolicy;
}

/** What control is made of. */
export interface ControlSettings {
  readonly realm: string;
  readonly own: OwnAddresses;
  readonly lifetimes: Lifetimes;
  readonly limits: ControlLimits;
  readonly questions: QuestionSettings;
  /** Of the relays to come, at most one per family. */
  readonly relayAddresses: readonly PlaneRelayAddress[];
  readonly relayPorts: PortRange;
  readonly nonceKey: Uint8Array;
  /** See `TurnServerOptions`; in milliseconds. */
  readonly udpHeadStartMs: number;
  /** Cryptographic. */
  readonly randomBelow: RandomBelow;
}

/** The state of one server, or of one worker of it. */
export interface Control {
  readonly settings: ControlSettings;
  rules: ControlRules;
  readonly realm: Realm;
  readonly nonces: Nonces;
  readonly allocations: AllocationTable;
  readonly quota: Quota;
  /** Families that are missing cannot be relayed. */
  relayAddresses: ReadonlyMap<Family, PlaneRelayAddress>;
  /** Of each family that can be relayed, or could be once. */
  readonly ports: Map<Family, PortPool>;
  readonly strangerAnswers: AnswerLimiter;
  readonly bindingAnswers: AnswerLimiter;
  /** Who asked for their address over UDP of late. */
  readonly heardOverUdp: RecentSources;
  readonly questions: Questions;
  /** New questions by source, whatever the transport. */
  readonly questionRate: AnswerLimiter;
  /** No new allocations; everything else goes on. */
  isDraining: boolean;
  nextRelayId: number;
}

const SEED_RANGE = 2 ** 32;

export function createControl(settings: ControlSettings, rules: ControlRules): Control {
  const { limits, lifetimes, randomBelow } = settings;
  const control: Control = {
    settings,
    rules,
    realm: createRealm(settings.realm),
    nonces: createNonces(settings.nonceKey, lifetimes.nonceSeconds),
    allocations: new AllocationTable(),
    quota: new Quota({
      perAccount: limits.allocationsPerAccount,
      perSource: limits.allocationsPerSource,
      total: limits.allocationsTotal,
    }),
    relayAddresses: new Map(),
    ports: new Map(),
    strangerAnswers: createAnswerLimiter(limits.strangerAnswers, randomBelow(SEED_RANGE)),
    bindingAnswers: createAnswerLimiter(limits.strangerAnswers, randomBelow(SEED_RANGE)),
    heardOverUdp: createRecentSources(randomBelow(SEED_RANGE)),
    questions: new Questions(settings.questions),
    questionRate: createAnswerLimiter(limits.strangerAnswers, randomBelow(SEED_RANGE)),
    isDraining: false,
    nextRelayId: 1,
  };
  setRelayAddresses(control, settings.relayAddresses);
  return control;
}

/** Relays that are made from now on have these addresses; those that exist keep theirs. */
export function setRelayAddresses(control: Control, addresses: readonly PlaneRelayAddress[]): void {
  const changed = control;
  const { relayPorts, randomBelow, own } = control.settings;
  changed.relayAddresses = new Map(addresses.map((address) => [address.local.family, address]));
  own.noteRelayAddresses(addresses.flatMap(({ local, advertised }) => [local, advertised]));
  for (const { local } of addresses) {
    const { family } = local;
    if (!control.ports.has(family)) control.ports.set(family, new PortPool(relayPorts, randomBelow));
  }
}
