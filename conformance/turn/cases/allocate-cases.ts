import { formatTransportAddress, readAllAttributes, unknownAttributes } from '@callbox/stun';
import { expect } from 'vitest';
import { expectError, expectSuccess } from '../allocation.ts';
import { composeMessage } from '../client/compose-message.ts';
import { has, valueOf, type Reply } from '../client/reply.ts';
import {
  additionalAddressFamily,
  addressErrorCode,
  attribute,
  DONT_FRAGMENT_TYPE,
  evenPort,
  FAMILY,
  lifetime,
  METHOD,
  PROTOCOL,
  rawAttribute,
  requestedAddressFamily,
  requestedTransport,
  reservationToken,
  xorRelayedAddress,
  type AttributeToSend,
} from '../client/turn-wire.ts';
import type { TurnCase } from '../turn-case.ts';

const UDP = requestedTransport(PROTOCOL.udp);
const SOME_TOKEN = attribute(reservationToken, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));

/** A case in which an Allocate with these attributes is refused with this error. */
function refused(id: string, code: number, title: string, attributes: readonly AttributeToSend[]): TurnCase {
  return {
    id: `allocate.${id}`,
    title,
    rule: 'RFC 8656 §7.2',
    run: async ({ client }) => {
      const asking = await client();
      expectError(await asking.request({ method: METHOD.allocate, attributes }), code);
    },
  };
}

function relayedFamilies({ message }: Reply): readonly number[] {
  const reading = readAllAttributes(message, xorRelayedAddress);
  return reading.kind === 'present' ? reading.value.map(({ family }) => family).sort((a, b) => a - b) : [];
}

function lifetimeGranted({ asked, granted }: { readonly asked: number; readonly granted: number }): TurnCase {
  return {
    id: `allocate.lifetime-${asked}`,
    title: `A lifetime of ${asked} s that is asked for becomes ${granted} s`,
    rule: 'RFC 8656 §7.2',
    run: async ({ allocated }) => {
      expect((await allocated([attribute(lifetime, asked)])).lifetimeSeconds).toBe(granted);
    },
  };
}

export const ALLOCATE_CASES: readonly TurnCase[] = [
  {
    id: 'allocate.success',
    title: 'Allocate gives a relayed address, the mapped address and a lifetime of ten minutes',
    rule: 'RFC 8656 §7.2',
    run: async ({ allocated }) => {
      const { client, mapped, relayed, lifetimeSeconds } = await allocated();
      expect(formatTransportAddress(mapped)).toBe(formatTransportAddress(client.local));
      expect(relayed.family).toBe(4);
      expect(relayed.port).toBeGreaterThanOrEqual(1024);
      expect(lifetimeSeconds).toBe(600);
    },
  },
  {
    id: 'allocate.retransmitted',
    title: 'An Allocate that is sent again gets the same answer again',
    rule: 'RFC 8656 §7.2',
    run: async ({ client }) => {
      const asking = await client();
      const signature = await asking.signature();
      const request = composeMessage({ method: METHOD.allocate, attributes: [UDP], signature });
      const relayed: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        const reply = await asking.exchange(request, signature.key);
        expectSuccess(reply);
        relayed.push(formatTransportAddress(valueOf(reply.message, xorRelayedAddress)));
      }
      expect(new Set(relayed).size).toBe(1);
    },
  },
  {
    id: 'allocate.retransmitted-at-once',
    title: 'An Allocate that is sent again before it was answered makes one allocation',
    rule: 'RFC 8656 §7.2',
    run: async ({ client }) => {
      const asking = await client();
      const signature = await asking.signature();
      const request = composeMessage({ method: METHOD.allocate, attributes: [UDP], signature });
      for (let copy = 0; copy < 3; copy += 1) asking.send(request);
      const reply = await asking.answerTo(request, signature.key);
      expectSuccess(reply);
      const relayed = formatTransportAddress(valueOf(reply.message, xorRelayedAddress));
      await asking.fence();
      for (const item of asking.received.rest) {
        if (item.kind !== 'message') throw new Error(`unexpected ${item.kind}`);
        expect(formatTransportAddress(valueOf(item.message, xorRelayedAddress))).toBe(relayed);
      }
    },
  },
  {
    id: 'allocate.twice',
    title: 'A second Allocate from the same address gets 437, and the first allocation lives on',
    rule: 'RFC 8656 §7.2',
    run: async ({ allocated }) => {
      const { client } = await allocated();
      expectError(await client.request({ method: METHOD.allocate, attributes: [UDP] }), 437);
      expectSuccess(await client.request({ method: METHOD.refresh }));
    },
  },
  {
    id: 'allocate.transports-apart',
    title: 'UDP and TCP from the same address and port are two clients with an allocation each',
    rule: 'RFC 8656 §2.2',
    transports: ['udp'],
    run: async ({ allocated }) => {
      const first = await allocated();
      const second = await allocated([], { transport: 'tcp', localPort: first.client.local.port });
      expect(formatTransportAddress(second.relayed)).not.toBe(formatTransportAddress(first.relayed));
    },
  },
  refused('no-transport', 400, 'Allocate without REQUESTED-TRANSPORT gets 400', []),
  refused('malformed-transport', 400, 'A REQUESTED-TRANSPORT of two octets gets 400', [
    rawAttribute(0x0019, Uint8Array.of(17, 0)),
  ]),
  refused('other-transport', 442, 'A relay that is neither UDP nor TCP gets 442', [requestedTransport(132)]),
  {
    id: 'allocate.tcp-relay',
    title: 'A TCP relay is refused with 442, or with 400 over UDP, where it cannot be asked for',
    rule: 'RFC 8656 §7.2, RFC 6062 §5.1',
    run: async ({ client, transport }) => {
      const attributes = [requestedTransport(PROTOCOL.tcp)];
      const { outcome } = await (await client()).request({ method: METHOD.allocate, attributes });
      expect(transport === 'udp' ? ['error 442', 'error 400'] : ['error 442']).toContain(outcome);
    },
  },
  refused('unknown-family', 440, 'A family that is neither IPv4 nor IPv6 gets 440', [
    UDP,
    requestedAddressFamily(3),
  ]),
  refused('both-family-attributes', 400, 'REQUESTED- together with ADDITIONAL-ADDRESS-FAMILY gets 400', [
    UDP,
    requestedAddressFamily(FAMILY.ipv4),
    additionalAddressFamily(FAMILY.ipv6),
  ]),
  refused('additional-ipv4', 400, 'ADDITIONAL-ADDRESS-FAMILY that does not ask for IPv6 gets 400', [
    UDP,
    additionalAddressFamily(FAMILY.ipv4),
  ]),
  {
    id: 'allocate.ipv4-requested',
    title: 'An IPv4 relay that is asked for is given',
    rule: 'RFC 8656 §7.2',
    run: async ({ allocated }) => {
      expect((await allocated([requestedAddressFamily(FAMILY.ipv4)])).relayed.family).toBe(4);
    },
  },
  {
    id: 'allocate.ipv6-requested',
    title: 'An IPv6 relay that is asked for is given',
    rule: 'RFC 8656 §7.2',
    needs: ['ipv6-relay'],
    run: async ({ allocated }) => {
      expect((await allocated([requestedAddressFamily(FAMILY.ipv6)])).relayed.family).toBe(6);
    },
  },
  {
    id: 'allocate.both-families',
    title: 'ADDITIONAL-ADDRESS-FAMILY gives relays of both families',
    rule: 'RFC 8656 §7.2',
    needs: ['ipv6-relay'],
    run: async ({ client }) => {
      const attributes = [UDP, additionalAddressFamily(FAMILY.ipv6)];
      const reply = await (await client()).request({ method: METHOD.allocate, attributes });
      expectSuccess(reply);
      expect(relayedFamilies(reply)).toEqual([4, 6]);
    },
  },
  {
    id: 'allocate.no-ipv6',
    title: 'Where there are no IPv6 relays, asking for one gets 440',
    rule: 'RFC 8656 §7.2',
    needs: ['no-ipv6-relay'],
    run: async ({ client }) => {
      const attributes = [UDP, requestedAddressFamily(FAMILY.ipv6)];
      expectError(await (await client()).request({ method: METHOD.allocate, attributes }), 440);
    },
  },
  {
    id: 'allocate.no-additional-ipv6',
    title:
      'Where there are no IPv6 relays, asking for one besides gives the IPv4 one and says 440 of the other',
    rule: 'RFC 8656 §7.2',
    needs: ['no-ipv6-relay'],
    run: async ({ client }) => {
      const attributes = [UDP, additionalAddressFamily(FAMILY.ipv6)];
      const reply = await (await client()).request({ method: METHOD.allocate, attributes });
      expectSuccess(reply);
      expect(relayedFamilies(reply)).toEqual([4]);
      expect(valueOf(reply.message, addressErrorCode)).toEqual({ family: FAMILY.ipv6, code: 440 });
    },
  },
  {
    id: 'allocate.ipv4-by-default',
    title:
      'A client on IPv6 that does not say which family gets an IPv4 relay, so that it can meet one on IPv4',
    rule: 'RFC 8656 §7.2',
    needs: ['ipv6-listener'],
    run: async ({ allocated, target }) => {
      expect((await allocated([], { host: target.host6 ?? '' })).relayed.family).toBe(4);
    },
  },
  {
    id: 'allocate.dont-fragment',
    title: 'DONT-FRAGMENT is supported, or refused with 420',
    rule: 'RFC 8656 §7.2',
    run: async ({ client }) => {
      const attributes = [UDP, rawAttribute(DONT_FRAGMENT_TYPE, new Uint8Array())];
      const { outcome, message } = await (await client()).request({ method: METHOD.allocate, attributes });
      expect(['success', 'error 420']).toContain(outcome);
      const unknown = outcome === 'success' ? [DONT_FRAGMENT_TYPE] : valueOf(message, unknownAttributes);
      expect(unknown).toEqual([DONT_FRAGMENT_TYPE]);
    },
  },
  {
    id: 'allocate.even-port',
    title: 'EVEN-PORT gives an even port',
    rule: 'RFC 8656 §7.2',
    run: async ({ allocated }) => {
      for (let round = 0; round < 4; round += 1)
        expect((await allocated([evenPort(false)])).relayed.port % 2).toBe(0);
    },
  },
  {
    id: 'allocate.reserve-next',
    title: 'EVEN-PORT that asks for the next port too gets a token for it, or 508',
    rule: 'RFC 8656 §7.2',
    run: async ({ client }) => {
      const attributes = [UDP, evenPort(true)];
      const { outcome, message } = await (await client()).request({ method: METHOD.allocate, attributes });
      expect(['success', 'error 508']).toContain(outcome);
      expect(has(message, reservationToken)).toBe(outcome === 'success');
    },
  },
  refused('unknown-token', 508, 'A RESERVATION-TOKEN that nobody was given gets 508', [UDP, SOME_TOKEN]),
  refused('token-and-even-port', 400, 'RESERVATION-TOKEN with EVEN-PORT gets 400', [
    UDP,
    SOME_TOKEN,
    evenPort(false),
  ]),
  refused('token-and-family', 400, 'RESERVATION-TOKEN with a family gets 400', [
    UDP,
    SOME_TOKEN,
    requestedAddressFamily(FAMILY.ipv4),
  ]),
  ...[
    { asked: 1, granted: 600 },
    { asked: 601, granted: 601 },
    { asked: 3600, granted: 3600 },
    { asked: 3601, granted: 3600 },
    { asked: 0xffffffff, granted: 3600 },
  ].map(lifetimeGranted),
  {
    id: 'allocate.unknown-required',
    title: 'An unknown attribute that must be understood gets 420 once the client is known',
    rule: 'RFC 8489 §6.3.1',
    run: async ({ client }) => {
      const attributes = [UDP, rawAttribute(0x7ffe, new Uint8Array(4))];
      const reply = await (await client()).request({ method: METHOD.allocate, attributes });
      expectError(reply, 420);
      expect(valueOf(reply.message, unknownAttributes)).toEqual([0x7ffe]);
    },
  },
  {
    id: 'allocate.as-chrome',
    title: 'An Allocate as Chrome sends it, with an optional attribute nobody registered, is granted',
    rule: 'RFC 8489 §14',
    run: async ({ allocated }) => {
      await expect(allocated([rawAttribute(0xff05, Uint8Array.of(1, 2, 3))])).resolves.toBeDefined();
    },
  },
  {
    id: 'allocate.distinct',
    title: 'Every client gets a relayed address of its own',
    rule: 'RFC 8656 §7.2',
    run: async ({ allocated }) => {
      const allocations = await Promise.all(Array.from({ length: 20 }, () => allocated()));
      expect(new Set(allocations.map(({ relayed }) => formatTransportAddress(relayed))).size).toBe(20);
    },
  },
  {
    id: 'allocate.unknown-method',
    title: 'Connect of RFC 6062 and methods nobody knows are refused or dropped, and the server goes on',
    rule: 'RFC 8489 §6.3.1',
    run: async ({ allocated }) => {
      const { client } = await allocated();
      for (const method of [METHOD.connect, 0x0ff, 0xfff]) {
        client.send(composeMessage({ method, signature: await client.signature() }));
      }
      await client.fence();
      for (const item of client.received.rest) {
        expect(item.kind === 'message' && item.message.class).toBe('error');
      }
      expectSuccess(await client.request({ method: METHOD.refresh }));
    },
  },
];
