import {
  readAttribute,
  unknownAttributes,
  xorMappedAddress,
  type EncodedAttribute,
  type StunMessage,
} from '@callbox/stun';
import type { Allocation, RelayedPort } from '../allocation/allocation.ts';
import type { Instant } from '../auth/instant.ts';
import { additionalAddressFamily } from '../codec/additional-address-family.ts';
import { addressErrorCode, type AddressErrorCode } from '../codec/address-error-code.ts';
import { dontFragment } from '../codec/dont-fragment.ts';
import { evenPort } from '../codec/even-port.ts';
import { lifetime } from '../codec/lifetime.ts';
import { requestedAddressFamily } from '../codec/requested-address-family.ts';
import { requestedTransport, UDP_PROTOCOL } from '../codec/requested-transport.ts';
import { reservationToken } from '../codec/reservation-token.ts';
import { xorRelayedAddress } from '../codec/xor-relayed-address.ts';
import type { Control, Family } from './control.ts';
import { grantedLifetimeSeconds } from './granted-lifetime.ts';
import { failure, success, type Effects, type MethodResult } from './outcome.ts';
import type { ClientPath } from '../plane/client-path.ts';
import type { VerifiedRequest } from './verified-request.ts';

/** What a well-formed request asks for. */
interface Wish {
  /** One; or both, of which one may be missing without making the request fail. */
  readonly families: readonly Family[];
  readonly port: 'any' | 'even';
  readonly lifetimeSeconds: number;
}

type Reading = { readonly kind: 'wish'; readonly wish: Wish } | Exclude<MethodResult, { kind: 'success' }>;

const BAD_REQUEST = { kind: 'failure', code: 400 } as const;

/** Allocate (RFC 8656 §7.2), in the order in which the RFC lists its checks. */
export function handleAllocate(control: Control, now: Instant, request: VerifiedRequest): MethodResult {
  const { allocation, client, message, user } = request;
  if (allocation !== undefined) return answerAgain(allocation, now, request);
  const reading = readWish(control, message);
  if (reading.kind !== 'wish') return reading;
  const { account } = user;
  // Whoever is refused tries another server at once; 486 would say that it is the user who has too much.
  if (control.isDraining) return failure(508, { refusal: { reason: 'draining', account } });
  const exhausted = control.quota.exhausted(account, client.remote);
  if (exhausted !== undefined) return failure(486, { refusal: { reason: `${exhausted}-quota`, account } });
  return createAllocation(control, now, { request, wish: reading.wish });
}

/** The same transaction is one request on its way twice; libwebrtc sends again after 250 ms (RFC 8489 §6.3.1). */
function answerAgain(allocation: Allocation, now: Instant, { message, user }: VerifiedRequest): MethodResult {
  const isRetransmitted =
    user.username === allocation.owner.username &&
    allocation.transactionId.every((octet, index) => octet === message.transactionId[index]);
  if (!isRetransmitted) return failure(437);
  return holdBack(success(describe(allocation, message.transactionId)), allocation, now.monotonicMs);
}

function readWish(control: Control, message: StunMessage): Reading {
  const transport = readAttribute(message, requestedTransport);
  if (transport.kind !== 'present') return BAD_REQUEST;
  if (transport.value !== UDP_PROTOCOL) return { kind: 'failure', code: 442 };

  const requested = readAttribute(message, requestedAddressFamily);
  const additional = readAttribute(message, additionalAddressFamily);
  if (requested.kind === 'malformed' || additional.kind === 'malformed') return BAD_REQUEST;
  if (requested.kind === 'present' && additional.kind === 'present') return BAD_REQUEST;
  if (additional.kind === 'present' && additional.value !== 6) return BAD_REQUEST;
  const family = requested.kind === 'present' ? requested.value : defaultFamily(control);
  if (family === 'unknown' || !control.relayAddresses.has(family)) return { kind: 'failure', code: 440 };
  const families: readonly Family[] = additional.kind === 'present' ? [4, 6] : [family];

  if (readAttribute(message, dontFragment).kind !== 'absent') {
    const attributes = [unknownAttributes.encode([dontFragment.type], message.transactionId)];
    return { kind: 'failure', code: 420, attributes };
  }

  const token = readAttribute(message, reservationToken);
  const even = readAttribute(message, evenPort);
  const asked = readAttribute(message, lifetime);
  if (token.kind === 'malformed' || even.kind === 'malformed' || asked.kind === 'malformed')
    return BAD_REQUEST;
  const withReservation = token.kind === 'present' || (even.kind === 'present' && even.value.reserveNext);
  if (token.kind === 'present' && (even.kind === 'present' || requested.kind === 'present'))
    return BAD_REQUEST;
  if (withReservation && additional.kind === 'present') return BAD_REQUEST;
  // With rtcp-mux nobody needs a second port, so none is ever kept.
  if (withReservation) return { kind: 'failure', code: 508 };

  return {
    kind: 'wish',
    wish: {
      families,
      port: even.kind === 'present' ? 'even' : 'any',
      lifetimeSeconds: grantedLifetimeSeconds(control, asked.kind === 'present' ? asked.value : undefined),
    },
  };
}

/**
 * IPv4 wherever there is one, whatever family the client itself uses (RFC 8656 §7.2): two guests of one call, one on
 * IPv6, could not meet otherwise. Only a server without IPv4 answers with what it has.
 */
function defaultFamily(control: Control): Family {
  return control.relayAddresses.has(4) ? 4 : 6;
}

function createAllocation(
  control: Control,
  now: Instant,
  { request, wish }: { readonly request: VerifiedRequest; readonly wish: Wish },
): MethodResult {
  const { client, fiveTuple, user } = request;
  const nowMs = now.monotonicMs;
  const ports = wish.families.flatMap((family) => takePort(control, family, wish.port, nowMs));
  if (ports.length === 0) {
    return failure(508, { refusal: { reason: 'no-relay-port', account: user.account } });
  }

  const allocation: Allocation = {
    id: control.nextRelayId,
    client,
    fiveTuple,
    owner: { username: user.username, account: user.account, key: user.key },
    createdAtMs: nowMs,
    transactionId: new Uint8Array(request.message.transactionId),
    grantedSeconds: wish.lifetimeSeconds,
    addressErrors: missingFamilies(control, wish, ports),
    heldUntilMs: nowMs + headStartOfUdp(control, client, nowMs),
    ports,
    expiresAtMs: nowMs + wish.lifetimeSeconds * 1000,
    permissions: new Map(),
    channels: new Map(),
    channelByPeer: new Map(),
    nextExpiryMs: nowMs + wish.lifetimeSeconds * 1000,
  };
  const counter = control;
  counter.nextRelayId += 1;
  control.allocations.add(allocation);
  control.quota.charge(user.account, client.remote);
  const effects: Effects = {
    changes: [
      {
        kind: 'add-relay',
        relay: allocation.id,
        client,
        account: user.account,
        ports: ports.map(({ family, port, address }) => ({ family, port, address })),
      },
    ],
    events: [{ kind: 'allocation-created', allocation }],
  };
  const attributes = describe(allocation, request.message.transactionId);
  return holdBack(success(attributes, effects), allocation, nowMs);
}

/** For so long after it was heard over UDP, a browser is likely to be asking for a relay there too. */
const HEARD_WITHIN_MS = 3_000;

/**
 * Chromium gathers no more candidates once a pair works, and its first Allocate over UDP is often lost within the browser:
 * over a short way TCP would win by that, and keep the call. Where nothing is heard over UDP, nobody waits.
 */
function headStartOfUdp(
  { settings, heardOverUdp }: Control,
  { transport, remote }: ClientPath,
  nowMs: number,
): number {
  const isHeld = transport !== 'udp' && heardOverUdp.wasHeard(remote, nowMs, HEARD_WITHIN_MS);
  return isHeld ? settings.udpHeadStartMs : 0;
}

/** Chromium sends again over TCP too: whoever asks twice waits no less. */
function holdBack(
  result: Extract<MethodResult, { kind: 'success' }>,
  { heldUntilMs }: Allocation,
  nowMs: number,
): MethodResult {
  return heldUntilMs > nowMs ? { ...result, answerAfterMs: heldUntilMs - nowMs } : result;
}

/** One port, or none where there is none to be had. */
function takePort(
  control: Control,
  family: Family,
  wish: 'any' | 'even',
  nowMs: number,
): readonly RelayedPort[] {
  const address = control.relayAddresses.get(family);
  if (address === undefined) return [];
  const port = control.ports.get(family)?.take(wish, nowMs);
  return port === undefined ? [] : [{ family, port, address, socket: 'none' }];
}

/** Families that were asked for and are not to be had, where another one is. */
function missingFamilies(
  control: Control,
  { families }: Wish,
  ports: readonly RelayedPort[],
): readonly AddressErrorCode[] {
  return families
    .filter((family) => !ports.some((port) => port.family === family))
    .map((family) => ({ family, code: control.relayAddresses.has(family) ? 508 : 440 }));
}

/** Clients ignore an answer in which one of the first three is missing. */
function describe(
  { ports, client, grantedSeconds, addressErrors }: Allocation,
  transactionId: Uint8Array,
): readonly EncodedAttribute[] {
  const attributes: EncodedAttribute[] = [];
  for (const { port, address } of ports) {
    const { advertised } = address;
    const relayed = { family: advertised.family, address: advertised.address, port };
    attributes.push(xorRelayedAddress.encode(relayed, transactionId));
  }
  attributes.push(
    xorMappedAddress.encode(client.remote, transactionId),
    lifetime.encode(grantedSeconds, transactionId),
  );
  for (const error of addressErrors) attributes.push(addressErrorCode.encode(error, transactionId));
  return attributes;
}
