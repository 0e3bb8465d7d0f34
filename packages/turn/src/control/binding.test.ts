import { ATTRIBUTE_TYPE, METHOD, unknownAttributes, xorMappedAddress } from '@callbox/stun';
import { describe, expect, test } from 'vitest';
import { at } from '../testing/addresses.ts';
import { ControlWorld } from '../testing/control-world.ts';
import { rawAttribute, writeRequest } from '../testing/request.ts';

const transactionId = new Uint8Array(12).fill(3);
const request = writeRequest({ method: METHOD.binding, transactionId });

describe('Binding', () => {
  test.each([
    ['IPv4', at('198.51.100.1', 4711), 32],
    ['IPv6', at('2001:db8:7::7', 4711), 44],
  ])('tells an %s client its address and nothing else', (_name, remote, octets) => {
    const response = new ControlWorld().client({ remote }).answer(request);
    expect(response.get(xorMappedAddress)).toEqual(remote);
    expect(response.message.attributes).toHaveLength(1);
    expect(response.octets).toHaveLength(octets);
  });

  test('needs no credentials and minds none', () => {
    const alice = new ControlWorld().client();
    const signed = writeRequest({ method: METHOD.binding, transactionId, signing: alice.signing });
    expect(alice.answer(signed).code).toBe(0);
  });

  test('with an attribute that must be understood and is not is 420', () => {
    const client = new ControlWorld().client();
    const response = client.answer(
      writeRequest({
        method: METHOD.binding,
        transactionId,
        attributes: [rawAttribute(0x0003, new Uint8Array(4))],
      }),
    );
    expect(response.code).toBe(420);
    expect(response.get(unknownAttributes)).toEqual([3]);
    expect(response.message.attributes.map(({ type }) => type)).toEqual([
      ATTRIBUTE_TYPE.errorCode,
      ATTRIBUTE_TYPE.unknownAttributes,
    ]);
  });

  test('is rationed over UDP by address, apart from challenges', () => {
    const world = new ControlWorld({ limits: { strangerAnswers: { burst: 2, perSecond: 1 } } });
    const client = world.client();
    expect([client.send(request), client.send(request)]).not.toContain('answer-limit');
    expect(client.send(request)).toBe('answer-limit');
    expect(client.challenge().code).toBe(401);
    expect(world.client({ transport: 'tcp' }).answer(request).code).toBe(0);
    expect(world.client({ remote: at('198.51.100.77', 1) }).answer(request).code).toBe(0);
  });
});
