import { expect } from 'vitest';
import { expectError, expectSuccess } from '../allocation.ts';
import { composeMessage } from '../client/compose-message.ts';
import { octets } from '../client/octets.ts';
import { valueOf } from '../client/reply.ts';
import {
  attribute,
  FAMILY,
  lifetime,
  METHOD,
  PROTOCOL,
  requestedAddressFamily,
  requestedTransport,
} from '../client/turn-wire.ts';
import type { TurnCase } from '../turn-case.ts';

const UDP = requestedTransport(PROTOCOL.udp);
const DELETE = { method: METHOD.refresh, attributes: [attribute(lifetime, 0)] };

interface LifetimeExample {
  readonly asked: number | undefined;
  readonly granted: number;
}

function lifetimeGranted({ asked, granted }: LifetimeExample): TurnCase {
  return {
    id: `refresh.lifetime-${asked ?? 'absent'}`,
    title: `Refresh ${asked === undefined ? 'without LIFETIME' : `for ${asked} s`} gives ${granted} s`,
    rule: 'RFC 8656 §8.2',
    run: async ({ allocated }) => {
      const { client } = await allocated();
      const attributes = asked === undefined ? [] : [attribute(lifetime, asked)];
      const reply = await client.request({ method: METHOD.refresh, attributes });
      expectSuccess(reply);
      expect(valueOf(reply.message, lifetime)).toBe(granted);
    },
  };
}

export const REFRESH_CASES: readonly TurnCase[] = [
  ...[
    { asked: undefined, granted: 600 },
    { asked: 60, granted: 600 },
    { asked: 3000, granted: 3000 },
    { asked: 0xffffffff, granted: 3600 },
  ].map(lifetimeGranted),
  {
    id: 'refresh.delete',
    title: 'Refresh for 0 s ends the allocation and says so',
    rule: 'RFC 8656 §8.2',
    run: async ({ allocated }) => {
      const { client } = await allocated();
      const reply = await client.request(DELETE);
      expectSuccess(reply);
      expect(valueOf(reply.message, lifetime)).toBe(0);
      expectError(await client.request({ method: METHOD.refresh }), 437);
    },
  },
  {
    id: 'refresh.delete-retransmitted',
    title: 'A deletion that is sent again gets 437, which clients take for done',
    rule: 'RFC 8656 §8.2',
    run: async ({ allocated }) => {
      const { client } = await allocated();
      const signature = await client.signature();
      const request = composeMessage({ ...DELETE, signature });
      expectSuccess(await client.exchange(request, signature.key));
      expectError(await client.exchange(request, signature.key), 437);
    },
  },
  {
    id: 'refresh.delete-stops-relay',
    title: 'After a deletion nothing is relayed, and a new allocation knows none of the old permissions',
    rule: 'RFC 8656 §8.2',
    run: async ({ allocated, peer }) => {
      const [first, other] = [await allocated(), await peer()];
      await first.permit(other.address);
      other.send(first.relayed, octets('before'));
      expect((await first.nextData()).payload).toEqual(octets('before'));
      expectSuccess(await first.client.request(DELETE));
      other.send(first.relayed, octets('after'));

      expectSuccess(await first.client.request({ method: METHOD.allocate, attributes: [UDP] }));
      first.client.sendIndication(other.address, octets('without permission'));
      await first.client.fence();
      await other.fence();
      expect([first.client.received.rest, other.received.rest]).toEqual([[], []]);
    },
  },
  {
    id: 'refresh.allocate-after-delete',
    title: 'The same address may allocate again after a deletion',
    rule: 'RFC 8656 §8.2',
    run: async ({ allocated }) => {
      const { client } = await allocated();
      expectSuccess(await client.request(DELETE));
      expectSuccess(await client.request({ method: METHOD.allocate, attributes: [UDP] }));
    },
  },
  {
    id: 'refresh.no-allocation',
    title: 'Refresh without an allocation gets 437',
    rule: 'RFC 8656 §5',
    run: async ({ client }) => {
      expectError(await (await client()).request({ method: METHOD.refresh }), 437);
    },
  },
  {
    id: 'refresh.other-family',
    title: 'Refresh for a family that the allocation does not have gets 443',
    rule: 'RFC 8656 §8.2',
    run: async ({ allocated }) => {
      const { client } = await allocated();
      const attributes = [requestedAddressFamily(FAMILY.ipv6)];
      expectError(await client.request({ method: METHOD.refresh, attributes }), 443);
    },
  },
];
