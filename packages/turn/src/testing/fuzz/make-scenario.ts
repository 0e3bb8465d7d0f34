import { METHOD } from '@callbox/stun';
import { TURN_ATTRIBUTE_TYPE } from '../../codec/turn-attribute-type.ts';
import { TURN_METHOD } from '../../codec/method.ts';
import { CLIENTS } from './play-scenario.ts';
import {
  SIGNING_KINDS,
  type AttributeDraft,
  type MessageStep,
  type Scenario,
  type Step,
} from './scenario.ts';

/** 0 up to, but not including, `end`. */
export type Random = (end: number) => number;

const MAX_STEPS = 30;

const METHODS = [
  TURN_METHOD.allocate,
  TURN_METHOD.allocate,
  TURN_METHOD.refresh,
  TURN_METHOD.createPermission,
  TURN_METHOD.channelBind,
  TURN_METHOD.channelBind,
];
const ODD_METHODS = [METHOD.binding, TURN_METHOD.send, TURN_METHOD.data, 0x000a, 0x000b, 0x00ff, 0x0fff];

const REACHABLE_PEERS = ['8.8.8.8', '8.8.8.9', '8.8.4.4', '1.1.1.1', '203.0.113.1', '2a00::1', '2a00::2'];
const OTHER_PEERS = [
  '127.0.0.1',
  '10.0.0.1',
  '10.0.0.2',
  '0.0.0.0',
  '169.254.169.254',
  '192.168.1.1',
  '224.0.0.1',
  '198.51.100.200',
  '::1',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  '2002:7f00:1::1',
  '2001:db8::1',
  'fe80::1',
  'ff02::1',
];

/** Types whose octets are random: all of ours, those of STUN, and some that nobody knows. */
const TYPES = [
  ...Object.values(TURN_ATTRIBUTE_TYPE),
  0x0006,
  0x0008,
  0x0009,
  0x0014,
  0x0015,
  0x001c,
  0x001d,
  0x001e,
  0x0020,
  0x7ffe,
  0x8002,
  0x8003,
  0x8022,
  0x8028,
  0xff05,
];

/** Long enough to be accepted, short enough to run out: just before and just after each lifetime. */
const SECONDS = [1, 4, 59, 60, 119, 121, 299, 300, 301, 599, 600, 601, 899, 901, 3599, 3601];

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random(items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

function hexOf(random: Random, length: number): string {
  return Array.from({ length }, () => random(256).toString(16).padStart(2, '0')).join('');
}

function word(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

/** A peer now and then on the server's own ports, or on those of its relays. */
function makePeer(random: Random): AttributeDraft {
  const port = pick(random, [0, 1, 1000, 3478, 8080, 50_000, 50_001, 50_002, 50_005, 65_535]);
  return { peer: pick(random, random(3) === 0 ? OTHER_PEERS : REACHABLE_PEERS), port };
}

function makeLifetime(random: Random): AttributeDraft {
  const seconds = pick(random, [0, 0, 1, 600, 601, 3600, 3601, 2 ** 32 - 1, random(7200)]);
  return { type: TURN_ATTRIBUTE_TYPE.lifetime, hex: word(seconds) };
}

function makeFamily(random: Random, type: number): AttributeDraft {
  return { type, hex: word(pick(random, [1, 2, 2, 0, 3, 255]) << 24) };
}

/** What a client would put in, in a right shape and with values at the edges. */
function makeUsual(random: Random, method: number): readonly AttributeDraft[] {
  const maybe = (odds: number, make: () => AttributeDraft): readonly AttributeDraft[] =>
    random(odds) === 0 ? [make()] : [];
  switch (method) {
    case TURN_METHOD.allocate:
      return [
        { type: TURN_ATTRIBUTE_TYPE.requestedTransport, hex: word(pick(random, [17, 17, 17, 17, 6]) << 24) },
        ...maybe(3, () => makeLifetime(random)),
        ...maybe(3, () => makeFamily(random, TURN_ATTRIBUTE_TYPE.requestedAddressFamily)),
        ...maybe(3, () => makeFamily(random, TURN_ATTRIBUTE_TYPE.additionalAddressFamily)),
        ...maybe(5, () => ({ type: TURN_ATTRIBUTE_TYPE.evenPort, hex: pick(random, ['00', '00', '80']) })),
        ...maybe(9, () => ({ type: TURN_ATTRIBUTE_TYPE.reservationToken, hex: hexOf(random, 8) })),
        ...maybe(9, () => ({ type: TURN_ATTRIBUTE_TYPE.dontFragment, hex: '' })),
      ];
    case TURN_METHOD.refresh:
      return [
        ...maybe(2, () => makeLifetime(random)),
        ...maybe(4, () => makeFamily(random, TURN_ATTRIBUTE_TYPE.requestedAddressFamily)),
      ];
    case TURN_METHOD.createPermission:
      return Array.from({ length: pick(random, [0, 1, 1, 1, 2, 3, 5]) }, () => makePeer(random));
    case TURN_METHOD.channelBind: {
      const number = pick(random, [0x4000, 0x4000, 0x4001, 0x4002, 0x4fff, 0x3fff, 0x7fff, 0x8000, 0xffff]);
      return [{ type: TURN_ATTRIBUTE_TYPE.channelNumber, hex: word(number << 16) }, makePeer(random)];
    }
    default:
      return random(2) === 0 ? [] : [makePeer(random), { type: TURN_ATTRIBUTE_TYPE.data, hex: '6162' }];
  }
}

function makeOdd(random: Random): AttributeDraft {
  const length = pick(random, [0, 1, 3, 4, 4, 5, 8, 8, 20, random(40), 128, 513, 764]);
  return { type: pick(random, TYPES), hex: hexOf(random, length) };
}

function makeMessage(random: Random): MessageStep {
  const method = random(12) === 0 ? pick(random, ODD_METHODS) : pick(random, METHODS);
  const attributes = [...makeUsual(random, method)];
  if (random(6) === 0) attributes.splice(random(attributes.length + 1), 0, makeOdd(random));
  if (random(12) === 0) attributes.splice(random(attributes.length + 1), 1);
  const isEdited = random(16) === 0;
  return {
    kind: 'message',
    // Mostly the same one, or nothing would ever be full.
    client: random(2) === 0 ? 0 : random(CLIENTS.length),
    class: random(24) === 0 ? pick(random, ['indication', 'success', 'error'] as const) : 'request',
    method,
    transaction: random(200),
    attributes,
    signing: random(5) === 0 ? pick(random, SIGNING_KINDS) : 'right',
    fingerprint: random(8) === 0,
    edits: isEdited
      ? Array.from({ length: 1 + random(4) }, () => [random(2048), 1 + random(255)] as const)
      : [],
    cut: random(40) === 0 ? random(24) : 0,
  };
}

function makeStep(random: Random): Step {
  switch (random(12)) {
    case 0:
      return { kind: 'pass', seconds: pick(random, SECONDS) };
    case 1:
      return { kind: 'sockets', result: pick(random, ['open', 'open', 'refused'] as const) };
    default:
      return makeMessage(random);
  }
}

/** With which most things begin. */
const ALLOCATE: MessageStep = {
  kind: 'message',
  client: 0,
  class: 'request',
  method: TURN_METHOD.allocate,
  transaction: 255,
  attributes: [{ type: TURN_ATTRIBUTE_TYPE.requestedTransport, hex: word(17 << 24) }],
  signing: 'right',
  fingerprint: false,
  edits: [],
  cut: 0,
};

/** Something a client may do, from nothing. */
export function makeScenario(random: Random): Scenario {
  const steps = Array.from({ length: 2 + random(MAX_STEPS - 2) }, () => makeStep(random));
  return random(2) === 0 ? steps : [ALLOCATE, ...steps];
}

/** Something near to what has been found interesting: steps added, left out, repeated, moved or changed. */
export function mutateScenario(random: Random, scenario: Scenario): Scenario {
  const steps = [...scenario];
  for (let edit = 1 + random(4); edit > 0; edit -= 1) {
    const index = random(steps.length + 1);
    const step = steps[index];
    switch (random(6)) {
      case 0:
      case 1:
        steps.splice(index, 0, makeStep(random));
        break;
      case 2:
        steps.splice(index, 1);
        break;
      case 3:
        if (step !== undefined) steps.splice(random(steps.length), 0, step);
        break;
      default:
        if (step?.kind === 'message') steps[index] = mutateMessage(random, step);
    }
  }
  return steps.slice(0, MAX_STEPS);
}

function mutateMessage(random: Random, step: MessageStep): MessageStep {
  const other = makeMessage(random);
  switch (random(6)) {
    case 0:
      return { ...step, client: other.client };
    case 1:
      return { ...step, signing: pick(random, SIGNING_KINDS) };
    case 2:
      return { ...step, transaction: other.transaction };
    case 3:
      return { ...step, attributes: [...step.attributes, makeOdd(random)] };
    case 4:
      return { ...step, edits: [[random(2048), 1 << random(8)]] };
    default:
      return { ...step, method: other.method, attributes: other.attributes };
  }
}
