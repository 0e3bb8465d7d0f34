import {
  encodeMessage,
  isStunMessage,
  longTermKey,
  METHOD,
  nonce as nonceAttribute,
  parseIpAddress,
  realm as realmAttribute,
  username as usernameAttribute,
  type EncodedAttribute,
} from '@callbox/stun';
import { timeLimitedPassword } from '../../auth/credential-store.ts';
import { xorPeerAddress } from '../../codec/xor-peer-address.ts';
import { at } from '../addresses.ts';
import { ControlWorld, SHARED_SECRET, START_SECONDS, USERS, type WorldClient } from '../control-world.ts';
import type { Response } from '../response.ts';
import { RouteModel } from './route-model.ts';
import type { AttributeDraft, MessageStep, Scenario } from './scenario.ts';

const GUEST = `${START_SECONDS + 1000}:guest`;
const LIMITS = {
  allocationsPerAccount: 3,
  allocationsTotal: 6,
  permissionsPerAllocation: 3,
  channelsPerAllocation: 2,
};
/** Fewer than allocations may be: ports run out too. */
const RELAY_PORTS = { min: 50_000, max: 50_004 };

/** Errors that only a known client is told. */
const ALWAYS_SIGNED: ReadonlySet<number> = new Set([403, 420, 437, 440, 442, 443, 486, 508]);

/** Who speaks: one address over UDP and TCP, the same user elsewhere, another user, a guest, and somebody on IPv6. */
export const CLIENTS = [
  { username: 'alice', password: USERS.alice },
  { username: 'alice', password: USERS.alice, transport: 'tcp' },
  { username: 'alice', password: USERS.alice, remote: at('198.51.100.1', 40_001) },
  { username: 'bob', password: USERS.bob, remote: at('198.51.100.2', 40_000) },
  {
    username: GUEST,
    password: timeLimitedPassword(SHARED_SECRET, GUEST),
    remote: at('198.51.100.3', 40_000),
  },
  { username: 'bob', password: USERS.bob, remote: at('2a00:db8::5', 40_000), local: at('2001:db8::1', 3478) },
] as const;

/** What became of a scenario. */
export interface Played {
  /** What each step led to, joined with what the step before led to: two runs with the same ones did the same. */
  readonly features: readonly string[];
  /** What should never be. */
  readonly findings: readonly string[];
}

/** Plays a scenario to a fresh control, and holds each answer and each change against what must always be true. */
export function playScenario(scenario: Scenario): Played {
  const player = new Player();
  for (const step of scenario) {
    switch (step.kind) {
      case 'message':
        player.send(step);
        break;
      case 'pass':
        player.pass(step.seconds);
        break;
      case 'sockets':
        player.sockets(step.result);
    }
  }
  player.end();
  return player;
}

class Player implements Played {
  readonly world = new ControlWorld({ limits: LIMITS, relayPorts: RELAY_PORTS, lifetimes: {} });
  readonly features: string[] = [];
  readonly #clients: readonly WorldClient[] = CLIENTS.map((client) => this.world.client(client));
  readonly #model = new RouteModel();
  #last = 'start';

  get findings(): readonly string[] {
    return this.#model.findings;
  }

  send(step: MessageStep): void {
    const client = this.#clients[step.client % CLIENTS.length];
    if (client === undefined) return;
    const octets = this.#write(step, client);
    const before = Uint8Array.from(octets);
    const result = client.send(octets);
    const changes = this.world.takeChanges();
    for (const change of changes) this.#model.apply(change);
    if (Buffer.compare(before, octets) !== 0) this.#find('the octets of the message were changed');
    const outcome = typeof result === 'string' ? result : String(result.code);
    this.#note(
      `${step.class} ${step.method} ${step.signing} ${outcome} ${changes.map(({ kind }) => kind).join()}`,
    );
    if (typeof result === 'string') {
      if (changes.length > 0) this.#find(`a dropped message (${result}) changed something`);
    } else {
      this.#judge(step, client, { octets, result, changed: changes.length > 0 });
    }
    this.#judgeSizes();
  }

  pass(seconds: number): void {
    this.world.pass(seconds);
    const changes = this.world.takeChanges();
    for (const change of changes) this.#model.apply(change);
    this.#judgeTimes();
    this.#note(`pass ${[...new Set(changes.map(({ kind }) => kind))].sort().join()}`);
  }

  sockets(result: 'open' | 'refused'): void {
    this.world.socketResult = result;
    this.#note(`sockets ${result}`);
  }

  /** When everything has run out, nothing is left and everything can be had again. */
  end(): void {
    this.pass(3601);
    this.pass(301);
    if (this.#model.relays > 0 || this.world.control.allocations.size > 0)
      this.#find('an allocation never ends');
    this.world.socketResult = 'open';
    const count = RELAY_PORTS.max - RELAY_PORTS.min + 1;
    const codes = Array.from({ length: count + 1 }, (_, index) => {
      const user = index < 3 ? 'alice' : 'bob';
      const remote = at('198.51.100.77', 41_000 + index);
      return this.world.client({ username: user, password: USERS[user], remote }).allocate().code;
    });
    const expected = [...Array.from({ length: count }, () => 0), 508];
    if (codes.join() !== expected.join()) this.#find(`quota or ports have leaked: then ${codes.join()}`);
  }

  #judge(
    step: MessageStep,
    client: WorldClient,
    {
      octets,
      result,
      changed,
    }: { readonly octets: Uint8Array; readonly result: Response; readonly changed: boolean },
  ): void {
    const { message, code } = result;
    const isUntouched = step.edits.length === 0 && step.cut === 0;
    if (Buffer.compare(message.transactionId, octets.subarray(8, 20)) !== 0) {
      this.#find('the answer is to another transaction');
    }
    if (code !== 0 && changed) this.#find(`a request that failed (${code}) changed something`);
    if (octets.length * 3.6 < result.octets.length && code !== 0) {
      this.#find(`${octets.length} octets bring ${result.octets.length}`);
    }
    if (paddingOf(result).some((octet) => octet !== 0)) this.#find('padding is not zero');
    if (message.method === METHOD.binding) return;
    const integrity = result.integrity(client.user);
    if (code === 0 && integrity !== 'ok') this.#find('a success is not signed');
    const isRight = step.signing === 'right' || step.signing === 'right-sha256';
    if (!isRight && isUntouched) {
      if (changed || code === 0) this.#find(`${step.signing} is let in`);
      if (integrity !== 'absent') this.#find(`an answer to ${step.signing} is signed`);
    }
    const isChallenge = code === 401 || code === 438;
    if (isChallenge !== (result.has(nonceAttribute) && result.has(realmAttribute))) {
      this.#find(`REALM and NONCE do not fit ${code}`);
    }
    if (ALWAYS_SIGNED.has(code) && integrity !== 'ok') {
      this.#find(`an error ${code} of a known client is not signed`);
    }
  }

  #judgeSizes(): void {
    const { permissions, channels } = this.#model.most;
    if (permissions > LIMITS.permissionsPerAllocation) this.#find(`${permissions} permissions`);
    if (channels > LIMITS.channelsPerAllocation) this.#find(`${channels} channels`);
    if (this.#model.relays > LIMITS.allocationsTotal) this.#find(`${this.#model.relays} allocations`);
    if (this.#model.relays !== this.world.control.allocations.size) this.#find('control and plane disagree');
  }

  /** Nothing outlives its time by more than the sweep that follows it. */
  #judgeTimes(): void {
    const { monotonicMs } = this.world.now;
    for (const {
      expiresAtMs,
      permissions,
      channels,
      channelByPeer,
    } of this.world.control.allocations.values()) {
      const ends = [
        expiresAtMs,
        ...[...permissions.values()].map((permission) => permission.expiresAtMs),
        ...[...channels.values()].map(({ heldUntilMs }) => heldUntilMs),
      ];
      if (Math.min(...ends) <= monotonicMs) this.#find('something has outlived its time');
      if (channelByPeer.size !== channels.size) this.#find('the two tables of channels disagree');
    }
  }

  #note(outcome: string): void {
    this.features.push(`${this.#last} > ${outcome}`);
    this.#last = outcome;
  }

  #find(finding: string): void {
    this.#model.findings.push(finding);
  }

  #write(step: MessageStep, client: WorldClient): Uint8Array {
    const transactionId = new Uint8Array(12).fill(step.transaction);
    const attributes = step.attributes.map((draft) => encodeDraft(draft, transactionId));
    const { signing } = step;
    const { nonces } = this.world.control;
    const now = this.world.now.epochSeconds;
    const { remote } = client.path;
    const issued =
      signing === 'old-nonce'
        ? nonces.issue(remote, now - 601)
        : nonces.issue(signing === 'foreign-nonce' ? at('198.51.100.250', 1) : remote, now);
    const nonce = String.fromCharCode(...issued);
    const identity = {
      username: signing === 'unknown-user' ? 'mallory' : client.user.username,
      password: signing === 'wrong-password' ? 'wrong' : client.user.password,
      realm: signing === 'wrong-realm' ? 'elsewhere.test' : client.user.realm,
    };
    if (signing !== 'none') {
      if (signing !== 'no-username')
        attributes.push(usernameAttribute.encode(identity.username, transactionId));
      attributes.push(
        realmAttribute.encode(identity.realm, transactionId),
        nonceAttribute.encode(signing === 'forged-nonce' ? forge(nonce) : nonce, transactionId),
      );
    }
    const octets = Uint8Array.from(
      encodeMessage({
        class: step.class,
        method: step.method,
        transactionId,
        attributes,
        fingerprint: step.fingerprint,
        ...(signing === 'none'
          ? {}
          : {
              integrity: {
                algorithm: signing === 'right-sha256' ? ('sha256' as const) : ('sha1' as const),
                key: longTermKey({ ...identity, algorithm: 'md5' }),
              },
            }),
      }),
    );
    for (const [offset, mask] of step.edits) {
      const index = offset % octets.length;
      octets[index] = (octets[index] ?? 0) ^ mask;
    }
    return octets.subarray(0, Math.max(0, octets.length - step.cut));
  }
}

function forge(nonce: string): string {
  return nonce.slice(0, -1) + (nonce.endsWith('A') ? 'B' : 'A');
}

function encodeDraft(draft: AttributeDraft, transactionId: Uint8Array): EncodedAttribute {
  if ('hex' in draft) return { type: draft.type, value: Uint8Array.from(Buffer.from(draft.hex, 'hex')) };
  const parsed = parseIpAddress(draft.peer);
  if (parsed === undefined) throw new Error(`no address: ${draft.peer}`);
  return xorPeerAddress.encode({ ...parsed, port: draft.port }, transactionId);
}

/** All octets between the end of one attribute's value and the next attribute. */
function paddingOf({ octets, message }: Response): readonly number[] {
  if (!isStunMessage(octets)) throw new Error('unreachable');
  return message.attributes.flatMap(({ offset, value }) => {
    const end = offset + 4 + value.length;
    return [...octets.subarray(end, (end + 3) & ~3)];
  });
}
