import { nonce as nonceAttribute, realm as realmAttribute, type TransportAddress } from '@callbox/stun';
import { fiveTupleOf, type Allocation } from '../allocation/allocation.ts';
import type { UserAnswer } from '../auth/authenticate.ts';
import { createCredentialStore, type Credential } from '../auth/credential-store.ts';
import { requestedTransport, UDP_PROTOCOL } from '../codec/requested-transport.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { handleClientGone } from '../control/client-gone.ts';
import {
  createControl,
  type Control,
  type ControlLimits,
  type ControlSettings,
  type Lifetimes,
} from '../control/control.ts';
import { continueRequest, handleMessage } from '../control/handle-message.ts';
import type { AllocationEvent, DropReason, Effects } from '../control/outcome.ts';
import type { QuestionLimits } from '../control/questions.ts';
import { recheckPeers } from '../control/recheck-peers.ts';
import { recordSocket } from '../control/record-socket.ts';
import type { Refusal } from '../control/refusal.ts';
import { sweep } from '../control/sweep.ts';
import type { ClientPath, ClientTransport } from '../plane/client-path.ts';
import type { RouteChange } from '../plane/route-change.ts';
import { parseCidr, type Cidr } from '../policy/cidr.ts';
import { createOwnAddresses } from '../policy/own-addresses.ts';
import { createPeerPolicy, type PeerPolicy, type PeerRule } from '../policy/peer-policy.ts';
import { at, ip } from './addresses.ts';
import { attribute, writeRequest, type PendingAttribute, type Signing } from './request.ts';
import { Response } from './response.ts';
import { createSeededRandom } from './seeded-random.ts';

export const REALM = 'callbox.test';
export const SERVER = at('203.0.113.1', 3478);
export const USERS = { alice: 'wonderland', bob: 'builder' } as const;
export const SHARED_SECRET = 'between us';
/** 2026-01-01T00:00:00Z */
export const START_SECONDS = 1_767_225_600;

export interface WorldOptions {
  readonly relayAddresses?: readonly { readonly local: string; readonly advertised: string }[];
  readonly relayPorts?: { readonly min: number; readonly max: number };
  readonly allowPeers?: readonly string[];
  readonly denyPeers?: readonly string[];
  readonly peerRule?: PeerRule;
  readonly lifetimes?: Partial<Lifetimes>;
  readonly limits?: Partial<ControlLimits>;
  /** With these limits the embedder is asked about users whom nobody else knows. */
  readonly questions?: QuestionLimits;
  readonly sharedSecrets?: readonly string[];
  readonly udpHeadStartMs?: number;
}

/** What a message leads to: an answer, a drop, or a question to the embedder. */
export type Reaction = Response | DropReason | 'ask' | 'held';

/** Control alone, with a clock that the test moves and a data plane that only takes notes. */
export class ControlWorld {
  readonly control: Control;
  readonly changes: RouteChange[] = [];
  readonly events: AllocationEvent[] = [];
  readonly refusals: Refusal[] = [];
  /** What the data plane says when it is asked for a socket. */
  socketResult: 'open' | 'refused' = 'open';
  socketsAsked = 0;
  /** How long the last answer was to be held back. */
  lastAnswerAfterMs: number | undefined;
  #nowMs = 1_000_000;

  constructor(options: WorldOptions = {}) {
    const relayAddresses = options.relayAddresses ?? [
      { local: '10.0.0.1', advertised: '203.0.113.1' },
      { local: '2001:db8::1', advertised: '2001:db8::1' },
    ];
    const settings: ControlSettings = {
      realm: REALM,
      own: createOwnAddresses({
        relay: relayAddresses.flatMap(({ local, advertised }) => [ip(local), ip(advertised)]),
        machine: [ip('198.51.100.200')],
        servicePorts: new Set([3478, 8080]),
      }),
      lifetimes: {
        defaultAllocationSeconds: 600,
        maxAllocationSeconds: 3600,
        permissionSeconds: 300,
        channelSeconds: 600,
        channelHoldSeconds: 300,
        nonceSeconds: 600,
        ...options.lifetimes,
      },
      limits: {
        allocationsPerAccount: 100,
        allocationsPerSource: 1000,
        allocationsTotal: 1000,
        permissionsPerAllocation: 8,
        channelsPerAllocation: 4,
        strangerAnswers: { burst: 1000, perSecond: 1000 },
        ...options.limits,
      },
      questions: {
        isAnswered: options.questions !== undefined,
        maxHeldRequests: 0,
        timeoutMs: 0,
        ...options.questions,
      },
      relayAddresses: relayAddresses.map(({ local, advertised }) => ({
        local: ip(local),
        advertised: ip(advertised),
      })),
      relayPorts: options.relayPorts ?? { min: 50_000, max: 50_999 },
      nonceKey: new Uint8Array(32).fill(7),
      udpHeadStartMs: options.udpHeadStartMs ?? 0,
      randomBelow: createSeededRandom(1),
    };
    this.control = createControl(settings, {
      credentials: createCredentialStore({
        realm: REALM,
        users: new Map(Object.entries(USERS)),
        sharedSecrets: options.sharedSecrets ?? [SHARED_SECRET],
      }),
      policy: worldPolicy(options),
    });
  }

  /** Replaces the rules on peers and applies them to what lives. */
  changePeers(options: Pick<WorldOptions, 'allowPeers' | 'denyPeers' | 'peerRule'>): void {
    this.control.rules = { ...this.control.rules, policy: worldPolicy(options) };
    for (const effects of recheckPeers(this.control, this.now)) this.note(effects);
  }

  get now(): { readonly monotonicMs: number; readonly epochSeconds: number } {
    const elapsedSeconds = Math.floor((this.#nowMs - 1_000_000) / 1000);
    return { monotonicMs: this.#nowMs, epochSeconds: START_SECONDS + elapsedSeconds };
  }

  /** Moves the clock and sweeps, as the server does each second. */
  pass(seconds: number): void {
    this.#nowMs += seconds * 1000;
    for (const effects of sweep(this.control, this.now)) this.note(effects);
  }

  closeConnection({ path }: WorldClient): void {
    this.note(handleClientGone(this.control, this.now, path));
  }

  note({ changes, events }: Effects): void {
    this.changes.push(...changes);
    this.events.push(...events);
  }

  /** What happened since the last call. */
  takeChanges(): readonly RouteChange[] {
    return this.changes.splice(0);
  }

  /** The embedder has said who a user is; gives what the requests are answered that waited for that. */
  answerQuestion(username: string, credential: Credential | undefined): readonly Reaction[] {
    return this.control.questions
      .take(username)
      .map(({ client, octets }) => this.receive(client, octets, { username, credential }));
  }

  receive(client: ClientPath, octets: Uint8Array, answer?: UserAnswer): Reaction {
    let outcome = handleMessage(this.control, this.now, { client, octets, answer });
    while (outcome.kind === 'needs-socket') {
      this.socketsAsked += 1;
      recordSocket(this.control, outcome, this.socketResult);
      outcome = continueRequest(this.control, this.now, outcome.request);
    }
    if (outcome.kind === 'drop') return outcome.reason;
    if (outcome.kind === 'ask' || outcome.kind === 'held') return outcome.kind;
    this.lastAnswerAfterMs = outcome.answerAfterMs;
    if (outcome.refusal !== undefined) this.refusals.push(outcome.refusal);
    this.note(outcome.effects);
    return new Response(outcome.octets);
  }

  client(options: ClientOptions = {}): WorldClient {
    return new WorldClient(this, options);
  }
}

export interface ClientOptions {
  readonly remote?: TransportAddress;
  readonly local?: TransportAddress;
  readonly transport?: ClientTransport;
  readonly username?: string;
  readonly password?: string;
}

/** A client that follows the rules, unless the test tells it otherwise. */
export class WorldClient {
  readonly path: ClientPath;
  readonly user: { readonly username: string; readonly password: string; readonly realm: string };
  readonly #world: ControlWorld;
  #nonce: string | undefined;
  #transactions = 0;

  constructor(world: ControlWorld, options: ClientOptions) {
    this.#world = world;
    this.path = {
      transport: options.transport ?? 'udp',
      remote: options.remote ?? at('198.51.100.1', 40_000),
      local: options.local ?? SERVER,
      port: 0,
    };
    this.user = {
      username: options.username ?? 'alice',
      password: options.password ?? USERS.alice,
      realm: REALM,
    };
  }

  get allocation(): Allocation | undefined {
    return this.#world.control.allocations.find(fiveTupleOf(this.path));
  }

  /** The nonce of the server, asked for once. */
  get nonce(): string {
    this.#nonce ??= this.challenge().get(nonceAttribute);
    return this.#nonce;
  }

  get signing(): Signing {
    return { ...this.user, nonce: this.nonce };
  }

  forgetNonce(): void {
    this.#nonce = undefined;
  }

  /** What an unsigned Allocate brings. */
  challenge(): Response {
    const response = this.answer(writeRequest({ ...this.#next(TURN_METHOD.allocate) }));
    expectChallenge(response);
    return response;
  }

  /** A signed request that must be answered. */
  request(
    method: number,
    attributes: readonly PendingAttribute[] = [],
    overrides: { readonly transactionId?: Uint8Array; readonly signing?: Signing } = {},
  ): Response {
    const signing = overrides.signing ?? this.signing;
    return this.answer(writeRequest({ ...this.#next(method), attributes, ...overrides, signing }));
  }

  allocate(
    attributes: readonly PendingAttribute[] = [],
    overrides: { readonly transactionId?: Uint8Array; readonly signing?: Signing } = {},
  ): Response {
    return this.request(
      TURN_METHOD.allocate,
      [attribute(requestedTransport, UDP_PROTOCOL), ...attributes],
      overrides,
    );
  }

  /** Sends octets that must be answered. */
  answer(octets: Uint8Array): Response {
    const result = this.send(octets);
    if (typeof result === 'string') throw new Error(`no answer: ${result}`);
    return result;
  }

  send(octets: Uint8Array): Reaction {
    return this.#world.receive(this.path, octets);
  }

  #next(method: number): { readonly method: number; readonly transactionId: Uint8Array } {
    this.#transactions += 1;
    const transactionId = new Uint8Array(12).fill(this.path.remote.port & 0xff);
    new DataView(transactionId.buffer).setUint32(8, this.#transactions);
    return { method, transactionId };
  }
}

function expectChallenge(response: Response): void {
  if (!response.has(nonceAttribute) || !response.has(realmAttribute)) throw new Error('not a challenge');
}

function worldPolicy({ allowPeers = [], denyPeers = [], peerRule }: WorldOptions): PeerPolicy {
  return createPeerPolicy({ allowed: allowPeers.map(cidr), denied: denyPeers.map(cidr), rule: peerRule });
}

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}
