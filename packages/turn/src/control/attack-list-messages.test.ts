import { ATTRIBUTE_TYPE, METHOD } from '@callbox/stun';
import { describe, expect, test } from 'vitest';
import { ERROR_PHRASE } from '../codec/error-code.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { requestedTransport, UDP_PROTOCOL } from '../codec/requested-transport.ts';
import { ControlWorld, REALM, type Reaction, type WorldClient } from '../testing/control-world.ts';
import { refusal } from '../testing/refusal.ts';
import { attribute, writeRequest } from '../testing/request.ts';

/** The entries of the list of attacks that are about messages as such, whoever sends them; see conformance/attack-list. */

const UDP = attribute(requestedTransport, UDP_PROTOCOL);
const transactionId = new Uint8Array(12).fill(0xa7);

interface Stage {
  readonly world: ControlWorld;
  readonly alice: WorldClient;
}

function stranger(): Stage {
  const world = new ControlWorld();
  return { world, alice: world.client() };
}

function allocated(): Stage {
  const stage = stranger();
  expect(stage.alice.allocate().code).toBe(0);
  return stage;
}

describe('the attack list: messages', () => {
  refusal('A13', 'a message with this FINGERPRINT', {
    expect: 'fingerprint-mismatch',
    faults: ['one bit wrong', 'all wrong'],
    twin: 'right',
    stage: stranger,
    send: ({ alice }, variant) => {
      const octets = writeRequest({
        method: TURN_METHOD.allocate,
        transactionId,
        attributes: [UDP],
        signing: alice.signing,
        fingerprint: true,
      });
      const from = variant === 'one bit wrong' ? octets.length - 1 : octets.length - 4;
      if (variant !== 'right') {
        for (let index = from; index < octets.length; index += 1) octets[index] = (octets[index] ?? 0) ^ 1;
      }
      return alice.send(octets);
    },
  });

  const BROKEN: Readonly<Record<string, readonly [(octets: Uint8Array) => Uint8Array, string]>> = {
    'no octets': [() => new Uint8Array(0), 'too-short'],
    'three octets': [(octets) => octets.subarray(0, 3), 'too-short'],
    'a header alone that promises more': [(octets) => octets.subarray(0, 20), 'length-mismatch'],
    'an octet missing': [(octets) => octets.subarray(0, -1), 'length-mismatch'],
    'four octets behind it': [(octets) => Uint8Array.of(...octets, 0, 0, 0, 0), 'length-mismatch'],
    'a length of no whole words': [(octets) => changed(octets, 3, 2), 'length-not-multiple-of-four'],
    'top bits of a channel': [(octets) => changed(octets, 0, 0x40), 'not-stun'],
    'another cookie': [(octets) => changed(octets, 4, 0xff), 'wrong-cookie'],
    'an attribute that goes on behind it': [(octets) => changed(octets, 22, 0xff), 'attribute-overrun'],
  };
  refusal('F5', 'a datagram that is no message', {
    expect: Object.fromEntries(
      Object.entries(BROKEN).map(([name, [, reason]]) => [name, reason as Extract<Reaction, string>]),
    ),
    faults: Object.keys(BROKEN),
    twin: 'nothing is wrong',
    stage: stranger,
    send: ({ alice }, variant) => {
      const whole = writeRequest({
        method: TURN_METHOD.allocate,
        transactionId,
        attributes: [UDP],
        signing: alice.signing,
      });
      return alice.send(BROKEN[variant]?.[0](whole) ?? whole);
    },
  });

  refusal('L9', 'a method that is not ours', {
    expect: 'unknown-method',
    faults: ['10', '11', '255', '6', '7'],
    twin: String(TURN_METHOD.refresh),
    stage: allocated,
    send: ({ alice }, method) =>
      alice.send(writeRequest({ method: Number(method), transactionId, signing: alice.signing })),
  });

  test('L8 errors have the words of their RFC and nothing else, strangers none', () => {
    const { alice } = allocated();
    const wrong = alice.request(TURN_METHOD.createPermission);
    expect(new TextDecoder().decode(wrong.octets)).toContain(ERROR_PHRASE[400]);
    const strange = alice.answer(writeRequest({ method: TURN_METHOD.refresh, transactionId }));
    expect(strange.message.attributes.map(({ type, value }) => [type, value.length])).toEqual([
      [ATTRIBUTE_TYPE.errorCode, 4],
      [ATTRIBUTE_TYPE.realm, REALM.length],
      [ATTRIBUTE_TYPE.nonce, 16],
    ]);
    for (const response of [
      wrong,
      strange,
      alice.answer(writeRequest({ method: METHOD.binding, transactionId })),
    ]) {
      expect(response.message.attributes.map(({ type }) => type)).not.toContain(ATTRIBUTE_TYPE.software);
    }
  });
});

function changed(octets: Uint8Array, index: number, value: number): Uint8Array {
  return octets.map((octet, at_) => (at_ === index ? octet ^ value : octet));
}
