import { messageIntegrity, nonce, realm, software } from '@callbox/stun';
import { expect } from 'vitest';
import { appendAttribute, composeMessage, signatureOf, type Signature } from '../client/compose-message.ts';
import { has, paddingOf, valueOf } from '../client/reply.ts';
import {
  attribute,
  channelNumber,
  FAMILY,
  METHOD,
  PROTOCOL,
  rawAttribute,
  requestedAddressFamily,
  requestedTransport,
  xorPeerAddress,
} from '../client/turn-wire.ts';
import { expectError, expectSuccess } from '../allocation.ts';
import type { TurnCase } from '../turn-case.ts';

const UDP = requestedTransport(PROTOCOL.udp);
const USERNAME_TYPE = 0x0006;
const REALM_TYPE = 0x0014;
const INTEGRITY_ATTRIBUTE_BYTES = 24;

function missingPart(part: 'username' | 'realm' | 'nonce'): TurnCase {
  return {
    id: `auth.missing-${part}`,
    title: `A signed request without ${part.toUpperCase()} gets 400, without REALM and NONCE`,
    rule: 'RFC 8489 §9.2.4',
    run: async ({ client }) => {
      const asking = await client();
      const signature: Signature = { ...(await asking.signature()), [part]: undefined };
      const { outcome, message } = await asking.request({
        method: METHOD.allocate,
        attributes: [UDP],
        signature,
      });
      expect(outcome).toBe('error 400');
      expect([has(message, realm), has(message, nonce)]).toEqual([false, false]);
    },
  };
}

function integrityOfLength(length: number): TurnCase {
  return {
    id: `auth.integrity-${length}`,
    title: `A MESSAGE-INTEGRITY of ${length} octets is refused or dropped`,
    rule: 'RFC 8489 §14.5',
    run: async ({ client }) => {
      const asking = await client();
      const signed = composeMessage({
        method: METHOD.allocate,
        attributes: [UDP],
        signature: await asking.signature(),
      });
      const unsigned = signed.slice(0, signed.length - INTEGRITY_ATTRIBUTE_BYTES);
      const value = new Uint8Array(length).fill(0xab);
      asking.send(appendAttribute(unsigned, { type: messageIntegrity.type, value }));
      await asking.fence();
      for (const item of asking.received.rest) {
        expect(item.kind === 'message' && item.message.class).toBe('error');
      }
      // Had it been accepted, there would be an allocation now, and this a second one: 437.
      expectSuccess(await asking.request({ method: METHOD.allocate, attributes: [UDP] }));
    },
  };
}

/** USERNAME or REALM as no honest encoder writes it, in an otherwise signed request. */
function impossibleName(id: string, what: string, type: number, length: number): TurnCase {
  return {
    id,
    title: `A signed request with a ${what} gets 400`,
    rule: 'RFC 8489 §14.3, §14.9',
    run: async ({ client }) => {
      const asking = await client();
      const signature = {
        ...(await asking.signature()),
        [type === REALM_TYPE ? 'realm' : 'username']: undefined,
      };
      const attributes = [UDP, rawAttribute(type, new Uint8Array(length).fill(0x61))];
      const { outcome } = await asking.request({ method: METHOD.allocate, attributes, signature });
      expect(outcome).toBe('error 400');
    },
  };
}

export const AUTHENTICATION_CASES: readonly TurnCase[] = [
  {
    id: 'auth.challenge',
    title: 'An unsigned request gets 401 with REALM and NONCE, unsigned and without SOFTWARE',
    rule: 'RFC 8489 §9.2.4',
    run: async ({ client, target }) => {
      const { exchange } = await client();
      const { outcome, message } = await exchange(
        composeMessage({ method: METHOD.allocate, attributes: [UDP] }),
      );
      expect(outcome).toBe('error 401');
      expect(valueOf(message, realm)).toBe(target.realm);
      expect(valueOf(message, nonce)).not.toBe('');
      expect(has(message, messageIntegrity)).toBe(false);
      expect(has(message, software)).toBe(false);
    },
  },
  {
    id: 'auth.challenge-small',
    title: 'The challenge is not larger than 3.6 times the request it answers',
    rule: 'RFC 8489 §16.2.1',
    run: async ({ client }) => {
      const { exchange } = await client();
      const request = composeMessage({ method: METHOD.allocate, attributes: [UDP] });
      const { message } = await exchange(request);
      expect(message.bytes.length).toBeLessThanOrEqual(request.length * 3.6);
    },
  },
  {
    id: 'auth.padding',
    title: 'The padding of attributes in answers is zeros, not what was in the buffer before',
    rule: 'RFC 8489 §14',
    run: async ({ client }) => {
      const asking = await client();
      const challenge = await asking.exchange(composeMessage({ method: METHOD.allocate, attributes: [UDP] }));
      const granted = await asking.request({ method: METHOD.allocate, attributes: [UDP] });
      expect(paddingOf(challenge.message).length).toBeGreaterThan(0);
      expect(paddingOf(challenge.message).filter((octet) => octet !== 0)).toEqual([]);
      expect(paddingOf(granted.message).filter((octet) => octet !== 0)).toEqual([]);
    },
  },
  {
    id: 'auth.challenge-each-method',
    title: 'Every method but Binding is challenged',
    rule: 'RFC 8656 §5',
    run: async ({ allocated }) => {
      const { client } = await allocated();
      for (const method of [METHOD.refresh, METHOD.createPermission, METHOD.channelBind]) {
        const { outcome, message } = await client.exchange(composeMessage({ method }));
        expect(outcome).toBe('error 401');
        expect(has(message, realm)).toBe(true);
        expect(has(message, nonce)).toBe(true);
      }
    },
  },
  {
    id: 'auth.success-signed',
    title: 'A success response is signed with the key of the request',
    rule: 'RFC 8489 §9.2.4',
    run: async ({ client }) => {
      expectSuccess(await (await client()).request({ method: METHOD.allocate, attributes: [UDP] }));
    },
  },
  {
    id: 'auth.nonce-reused',
    title: 'One nonce serves many requests',
    rule: 'RFC 8489 §9.2.3',
    run: async ({ allocated }) => {
      const { client } = await allocated();
      const signature = await client.signature();
      for (let round = 0; round < 20; round += 1) {
        expectSuccess(await client.request({ method: METHOD.refresh, signature }));
      }
    },
  },
  ...(['username', 'realm', 'nonce'] as const).map(missingPart),
  {
    id: 'auth.forged-nonce',
    title: 'A nonce that the server did not issue gets 438, with a fresh nonce that works',
    rule: 'RFC 8489 §9.2.4',
    run: async ({ client, target }) => {
      const asking = await client();
      const { nonce: issued } = await asking.challenge();
      const forged = issued.replace(/.$/u, (last) => (last === '0' ? '1' : '0'));
      const stale = await asking.request({
        method: METHOD.allocate,
        attributes: [UDP],
        signature: signatureOf(target.credential, { realm: target.realm, nonce: forged }),
      });
      expect(stale.outcome).toBe('error 438');
      expect(has(stale.message, messageIntegrity)).toBe(false);
      const fresh = { realm: valueOf(stale.message, realm), nonce: valueOf(stale.message, nonce) };
      const signature = signatureOf(target.credential, fresh);
      expectSuccess(await asking.request({ method: METHOD.allocate, attributes: [UDP], signature }));
    },
  },
  {
    id: 'auth.foreign-nonce',
    title: 'A nonce issued to another address gets 438',
    rule: 'RFC 8656 §5',
    run: async ({ client }) => {
      const signature = await (await client()).signature();
      const thief = await client();
      const { outcome } = await thief.request({ method: METHOD.allocate, attributes: [UDP], signature });
      expect(outcome).toBe('error 438');
    },
  },
  {
    id: 'auth.wrong-password',
    title: 'A wrong password gets 401, with REALM and NONCE, unsigned',
    rule: 'RFC 8489 §9.2.4',
    run: async ({ client, target }) => {
      const asking = await client({ credential: { ...target.credential, password: 'wrong' } });
      const { outcome, message } = await asking.request({ method: METHOD.allocate, attributes: [UDP] });
      expect(outcome).toBe('error 401');
      expect([has(message, realm), has(message, nonce), has(message, messageIntegrity)]).toEqual([
        true,
        true,
        false,
      ]);
    },
  },
  {
    id: 'auth.unknown-user',
    title: 'An unknown user gets the same answer as a wrong password, to the octet count',
    rule: 'RFC 8489 §9.2.4',
    run: async ({ client, target }) => {
      const { username } = target.credential;
      const stranger = await client({
        credential: { username: 'x'.repeat(username.length), password: 'any' },
      });
      const known = await client({ credential: { username, password: 'any' } });
      const answers = await Promise.all(
        [stranger, known].map((asking) => asking.request({ method: METHOD.allocate, attributes: [UDP] })),
      );
      expect(answers.map(({ outcome }) => outcome)).toEqual(['error 401', 'error 401']);
      expect(answers[0]?.message.bytes).toHaveLength(answers[1]?.message.bytes.length ?? 0);
    },
  },
  {
    id: 'auth.wrong-realm',
    title: 'A request signed for another realm is refused',
    rule: 'RFC 8489 §9.2.4',
    run: async ({ client, target }) => {
      const asking = await client();
      const { nonce: issued } = await asking.challenge();
      const signature = signatureOf(target.credential, { realm: 'another.example', nonce: issued });
      const { outcome } = await asking.request({ method: METHOD.allocate, attributes: [UDP], signature });
      expect(outcome).toMatch(/^error 4/u);
    },
  },
  {
    id: 'auth.wrong-user',
    title: "Another user's request on an allocation gets 441 and changes nothing",
    rule: 'RFC 8656 §5',
    needs: ['second-user'],
    run: async ({ allocated, peer, target }) => {
      const [{ client }, { address }] = [await allocated(), await peer()];
      const { realm: name = '', nonce: issued = '' } = await client.signature();
      const signature = signatureOf(target.otherCredential ?? target.credential, {
        realm: name,
        nonce: issued,
      });
      const xorPeer = attribute(xorPeerAddress, address);
      const drafts = [
        { method: METHOD.refresh },
        { method: METHOD.createPermission, attributes: [xorPeer] },
        { method: METHOD.channelBind, attributes: [channelNumber(0x4000), xorPeer] },
      ];
      for (const draft of drafts) expectError(await client.request({ ...draft, signature }), 441);
      expectSuccess(await client.request({ method: METHOD.refresh }));
    },
  },
  ...[0, 16, 19, 21, 24].map(integrityOfLength),
  {
    id: 'auth.behind-integrity',
    title: 'Attributes behind MESSAGE-INTEGRITY are ignored',
    rule: 'RFC 8489 §14.5',
    run: async ({ allocated, peer }) => {
      const [{ client }, { address }] = [await allocated(), await peer()];
      const signature = await client.signature();
      const signed = composeMessage({ method: METHOD.createPermission, signature });
      const smuggled = appendAttribute(signed, xorPeerAddress.encode(address, signed.subarray(8, 20)));
      expectError(await client.exchange(smuggled, signature.key), 400);
    },
  },
  {
    id: 'auth.errors-signed',
    title: 'Errors found after the signature was verified are signed too',
    rule: 'RFC 8489 §9.2.4',
    run: async ({ allocated }) => {
      const { client } = await allocated();
      const unknown = [rawAttribute(0x7ffe, new Uint8Array(4))];
      const otherFamily = [requestedAddressFamily(FAMILY.ipv6)];
      const replies = [
        await client.request({ method: METHOD.createPermission }),
        await client.request({ method: METHOD.refresh, attributes: unknown }),
        await client.request({ method: METHOD.allocate, attributes: [UDP] }),
        await client.request({ method: METHOD.refresh, attributes: otherFamily }),
      ];
      expect(replies.map(({ outcome }) => outcome)).toEqual([
        'error 400',
        'error 420',
        'error 437',
        'error 443',
      ]);
      const unsigned = replies.filter(({ integrity }) => integrity !== 'ok');
      expect(unsigned.map(({ outcome }) => outcome).join(', '), 'unsigned').toBe('');
    },
  },
  {
    id: 'auth.unknown-required-after-authentication',
    title: 'A stranger who sends an unknown attribute is challenged, not told what the server knows',
    rule: 'RFC 8489 §6.3.1',
    run: async ({ client }) => {
      const { exchange } = await client();
      const attributes = [UDP, rawAttribute(0x7ffe, new Uint8Array(4))];
      expect((await exchange(composeMessage({ method: METHOD.allocate, attributes }))).outcome).toBe(
        'error 401',
      );
    },
  },
  impossibleName('auth.username-too-long', 'USERNAME of 509 octets', USERNAME_TYPE, 509),
  impossibleName('auth.realm-too-long', 'REALM of 764 octets', REALM_TYPE, 764),
  impossibleName('auth.realm-empty', 'REALM of no octets', REALM_TYPE, 0),
  {
    id: 'auth.replay-elsewhere',
    title:
      'A captured Allocate sent again from another address gets 438, and nothing of the first client is touched',
    rule: 'RFC 8656 §5',
    run: async ({ client }) => {
      const honest = await client();
      const signature = await honest.signature();
      const captured = composeMessage({ method: METHOD.allocate, attributes: [UDP], signature });
      expectSuccess(await honest.exchange(captured, signature.key));
      const thief = await client();
      expect((await thief.exchange(captured)).outcome).toBe('error 438');
      expectSuccess(await honest.request({ method: METHOD.refresh }));
    },
  },
  {
    id: 'auth.delete-elsewhere',
    title: 'A captured deletion sent again from another address deletes nothing',
    rule: 'RFC 8656 §5',
    run: async ({ allocated, client }) => {
      const { client: honest } = await allocated();
      const signature = await honest.signature();
      const attributes = [rawAttribute(0x000d, new Uint8Array(4))];
      const deletion = composeMessage({ method: METHOD.refresh, attributes, signature });
      const { outcome } = await (await client()).exchange(deletion);
      expect(outcome).toMatch(/^error 43[78]$/u);
      expectSuccess(await honest.request({ method: METHOD.refresh }));
    },
  },
  {
    id: 'auth.indications-unsigned',
    title: 'Indications need no signature: the permission is what counts',
    rule: 'RFC 8656 §11',
    run: async ({ allocated, peer }) => {
      const [{ permit, client }, other] = [await allocated(), await peer()];
      await permit(other.address);
      client.sendIndication(other.address, Uint8Array.of(1));
      expect((await other.received.take('the payload')).payload).toEqual(Uint8Array.of(1));
    },
  },
];
