import {
  fingerprint,
  formatTransportAddress,
  isStunMessage,
  unknownAttributes,
  xorMappedAddress,
} from '@callbox/stun';
import { expect } from 'vitest';
import { composeMessage } from '../client/compose-message.ts';
import { has, valueOf } from '../client/reply.ts';
import { METHOD, rawAttribute } from '../client/turn-wire.ts';
import type { TurnCase } from '../turn-case.ts';

const SOME_VALUE = new Uint8Array(4);

export const BINDING_CASES: readonly TurnCase[] = [
  {
    id: 'binding.mapped',
    title: 'Binding tells a client the address it comes from, without asking who it is',
    rule: 'RFC 8489 §12',
    run: async ({ client }) => {
      const { exchange, local } = await client();
      const { outcome, message } = await exchange(composeMessage({ method: METHOD.binding }));
      expect(outcome).toBe('success');
      expect(formatTransportAddress(valueOf(message, xorMappedAddress))).toBe(formatTransportAddress(local));
    },
  },
  {
    id: 'binding.mapped-ipv6',
    title: 'Binding over IPv6 tells the IPv6 address',
    rule: 'RFC 8489 §14.2',
    needs: ['ipv6-listener'],
    run: async ({ client, target }) => {
      const { exchange, local } = await client({ host: target.host6 ?? '' });
      const { message } = await exchange(composeMessage({ method: METHOD.binding }));
      expect(formatTransportAddress(valueOf(message, xorMappedAddress))).toBe(formatTransportAddress(local));
    },
  },
  {
    id: 'binding.small',
    title:
      'The answer to Binding is 32 octets, over IPv6 44, so that nobody gains by having it sent to somebody else',
    rule: 'RFC 8489 §16.2.1',
    run: async ({ client }) => {
      const { exchange, local } = await client();
      const { message } = await exchange(composeMessage({ method: METHOD.binding }));
      expect(message.bytes).toHaveLength(local.family === 4 ? 32 : 44);
    },
  },
  {
    id: 'binding.fingerprint',
    title: 'FINGERPRINT is in the answer when it was in the request, and not otherwise',
    rule: 'RFC 8489 §7',
    run: async ({ client }) => {
      const { exchange } = await client();
      const plain = await exchange(composeMessage({ method: METHOD.binding }));
      expect(has(plain.message, fingerprint)).toBe(false);
      const guarded = await exchange(composeMessage({ method: METHOD.binding, fingerprint: true }));
      expect(has(guarded.message, fingerprint)).toBe(true);
    },
  },
  {
    id: 'binding.unknown-required',
    title: 'An attribute that must be understood and is not gives 420, with its type',
    rule: 'RFC 8489 §6.3.1',
    run: async ({ client }) => {
      const { exchange } = await client();
      const attributes = [rawAttribute(0x7ffe, SOME_VALUE)];
      const { outcome, message } = await exchange(composeMessage({ method: METHOD.binding, attributes }));
      expect(outcome).toBe('error 420');
      expect(valueOf(message, unknownAttributes)).toContain(0x7ffe);
    },
  },
  {
    id: 'binding.unknown-optional',
    title: 'An attribute that need not be understood is passed over, as the one that Chrome adds',
    rule: 'RFC 8489 §14',
    run: async ({ client }) => {
      const { exchange } = await client();
      const attributes = [rawAttribute(0xff05, SOME_VALUE)];
      const { outcome } = await exchange(composeMessage({ method: METHOD.binding, attributes }));
      expect(outcome).toBe('success');
    },
  },
  {
    id: 'binding.indication',
    title: 'A Binding indication is not answered',
    rule: 'RFC 8489 §6.3.2',
    run: async ({ client }) => {
      const { send, fence, received } = await client();
      send(composeMessage({ class: 'indication', method: METHOD.binding }));
      await fence();
      expect(received.rest).toEqual([]);
    },
  },
  {
    id: 'binding.responses-ignored',
    title: 'Responses sent to the server are not answered, whatever their method',
    rule: 'RFC 8489 §6.3.3',
    run: async ({ client }) => {
      const { send, fence, received } = await client();
      for (const method of [METHOD.binding, METHOD.allocate, METHOD.refresh]) {
        for (const messageClass of ['success', 'error'] as const) {
          const bytes = composeMessage({ class: messageClass, method });
          expect(isStunMessage(bytes)).toBe(true);
          send(bytes);
        }
      }
      await fence();
      expect(received.rest).toEqual([]);
    },
  },
];
