import {
  ATTRIBUTE_TYPE,
  encodeMessage,
  longTermKey,
  nonce as nonceAttribute,
  realm as realmAttribute,
  username as usernameAttribute,
  type EncodedAttribute,
} from '@callbox/stun';
import { describe, expect, test } from 'vitest';
import { timeLimitedPassword } from '../auth/credential-store.ts';
import { channelNumber } from '../codec/channel-number.ts';
import { lifetime } from '../codec/lifetime.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { requestedTransport, UDP_PROTOCOL } from '../codec/requested-transport.ts';
import { xorPeerAddress } from '../codec/xor-peer-address.ts';
import { at } from '../testing/addresses.ts';
import {
  ControlWorld,
  REALM,
  SHARED_SECRET,
  START_SECONDS,
  USERS,
  type Reaction,
  type WorldClient,
} from '../testing/control-world.ts';
import { refusal } from '../testing/refusal.ts';
import { attribute, rawAttribute, writeRequest, type Signing } from '../testing/request.ts';
import type { Response } from '../testing/response.ts';

/** The entries A, and those of the others' bugs that are about credentials; see conformance/attack-list. */

interface Stage {
  readonly world: ControlWorld;
  readonly alice: WorldClient;
}

const PEER = attribute(xorPeerAddress, at('8.8.8.8', 9));
const UDP = attribute(requestedTransport, UDP_PROTOCOL);
const transactionId = new Uint8Array(12).fill(0xa7);
const KEY = longTermKey({ username: 'alice', password: USERS.alice, realm: REALM, algorithm: 'md5' });

function stranger(): Stage {
  const world = new ControlWorld();
  return { world, alice: world.client() };
}

function allocated(): Stage {
  const { world, alice } = stranger();
  expect(alice.allocate().code).toBe(0);
  return { world, alice };
}

function allocateWith({ alice }: Stage, change: Partial<Signing>): Response {
  return alice.allocate([], { signing: { ...alice.signing, ...change } });
}

/** An Allocate of Alice's that is put together by hand. */
function composed(attributes: readonly EncodedAttribute[], signed = true): Uint8Array {
  return encodeMessage({
    class: 'request',
    method: TURN_METHOD.allocate,
    transactionId,
    attributes: [UDP(transactionId), ...attributes],
    integrity: signed ? { algorithm: 'sha1', key: KEY } : undefined,
  });
}

function identityOf(alice: WorldClient): Readonly<Record<'USERNAME' | 'REALM' | 'NONCE', EncodedAttribute>> {
  return {
    USERNAME: usernameAttribute.encode('alice', transactionId),
    REALM: realmAttribute.encode(REALM, transactionId),
    NONCE: nonceAttribute.encode(alice.nonce, transactionId),
  };
}

describe('the attack list: a first request', () => {
  refusal('A1', 'Allocate without MESSAGE-INTEGRITY', {
    expect: 401,
    faults: ['unsigned'],
    twin: 'signed',
    stage: stranger,
    send: ({ alice }, variant) => (variant === 'signed' ? alice.allocate() : alice.send(composed([], false))),
  });

  refusal('A2', 'Allocate that is signed, without a part of who signs', {
    expect: 400,
    faults: ['USERNAME', 'REALM', 'NONCE'],
    twin: 'none is missing',
    stage: stranger,
    send: ({ alice }, missing) =>
      alice.send(
        composed(
          Object.entries(identityOf(alice)).flatMap(([name, value]) => (name === missing ? [] : [value])),
        ),
      ),
  });

  refusal('A3', 'Allocate with a nonce that is not ours, of the right shape', {
    expect: 438,
    faults: ['AAAAAAAAAAAAAAAA', 'one character changed'],
    twin: 'ours',
    stage: stranger,
    send: (stage, variant) => {
      const { nonce } = stage.alice;
      if (variant === 'ours') return stage.alice.allocate();
      const changed = nonce.slice(0, -1) + (nonce.endsWith('A') ? 'B' : 'A');
      return allocateWith(stage, { nonce: variant.startsWith('AAAA') ? variant : changed });
    },
  });

  const ELSEWHERE = { port: at('198.51.100.1', 40_001), address: at('198.51.100.2', 40_000) };
  refusal('A4', 'Allocate with a nonce that was issued to another', {
    expect: 438,
    faults: ['port', 'address'],
    twin: 'nobody',
    stage: stranger,
    send: (stage, other) => {
      if (other === 'nobody') return stage.alice.allocate();
      const remote = other === 'port' ? ELSEWHERE.port : ELSEWHERE.address;
      return allocateWith(stage, { nonce: stage.world.client({ remote }).nonce });
    },
  });

  refusal('A5', 'Allocate with a nonce that is too old, in seconds', {
    expect: 438,
    faults: ['601', '86400'],
    twin: '5',
    stage: stranger,
    send: ({ world, alice }, seconds) => {
      alice.forgetNonce();
      const { signing } = alice;
      world.pass(Number(seconds));
      return alice.allocate([], { signing });
    },
  });

  refusal('A6', 'Allocate with a wrong password', {
    expect: 401,
    faults: ['wrong', ''],
    twin: USERS.alice,
    stage: stranger,
    send: (stage, password) => allocateWith(stage, { password }),
  });

  refusal('A7', 'Allocate of an unknown user', {
    expect: 401,
    faults: ['carol', 'Alice', 'alice ', ''],
    twin: 'alice',
    stage: stranger,
    send: (stage, username) => allocateWith(stage, { username }),
  });

  refusal('A8', 'Allocate with a credential of this expiry', {
    expect: 401,
    faults: [String(START_SECONDS), String(START_SECONDS - 1), '0'],
    twin: String(START_SECONDS + 1),
    stage: stranger,
    send: ({ world }, expiry) => {
      const username = `${expiry}:guest`;
      return world.client({ username, password: timeLimitedPassword(SHARED_SECRET, username) }).allocate();
    },
  });

  refusal('A10', 'Allocate in another realm', {
    expect: 401,
    faults: ['elsewhere.test'],
    twin: REALM,
    stage: stranger,
    send: (stage, realm) => allocateWith(stage, { realm }),
  });

  refusal('A11', 'Allocate with a MESSAGE-INTEGRITY of this many octets', {
    expect: 400,
    faults: ['0', '4', '19', '21', '32'],
    twin: '20',
    stage: stranger,
    send: ({ alice }, length) => {
      const identity = Object.values(identityOf(alice));
      if (length === '20') return alice.send(composed(identity));
      const value = new Uint8Array(Number(length));
      return alice.send(composed([...identity, { type: ATTRIBUTE_TYPE.messageIntegrity, value }], false));
    },
  });

  const TOO_LONG: Readonly<Record<string, readonly [type: number, length: number]>> = {
    'USERNAME of 509 octets': [ATTRIBUTE_TYPE.username, 509],
    'REALM of 764 octets': [ATTRIBUTE_TYPE.realm, 764],
    'REALM of 128 characters': [ATTRIBUTE_TYPE.realm, 128],
    'REALM of none': [ATTRIBUTE_TYPE.realm, 0],
    'NONCE of 764 octets': [ATTRIBUTE_TYPE.nonce, 764],
  };
  refusal('A14', 'Allocate with a part that is too long or empty', {
    expect: 400,
    faults: Object.keys(TOO_LONG),
    twin: 'none of them',
    stage: stranger,
    send: ({ alice }, variant) => {
      const [type, length] = TOO_LONG[variant] ?? [0xff05, 0];
      // In front of the right one: of repeated attributes the first counts.
      return alice.allocate([rawAttribute(type, new Uint8Array(length).fill(97))]);
    },
  });

  refusal('A17', 'Allocate with credentials of another kind', {
    expect: { anonymous: 401, 'empty name and password': 401, 'short-term': 400 },
    faults: ['anonymous', 'empty name and password', 'short-term'],
    twin: 'long-term',
    stage: stranger,
    send: (stage, kind): Reaction => {
      switch (kind) {
        case 'anonymous':
          return stage.alice.send(composed([], false));
        case 'empty name and password':
          return allocateWith(stage, { username: '', password: '' });
        case 'short-term':
          return stage.alice.send(composed([identityOf(stage.alice).USERNAME]));
        default:
          return stage.alice.allocate();
      }
    },
  });

  test('B13 who says a name and does not sign is told REALM and NONCE all the same', () => {
    const { alice } = stranger();
    const response = alice.answer(composed([identityOf(alice).USERNAME], false));
    expect(response.code).toBe(401);
    expect(response.get(realmAttribute)).toBe(REALM);
    const signing = { ...alice.signing, nonce: response.get(nonceAttribute) };
    expect(alice.allocate([], { signing }).code).toBe(0);
  });
});

describe('the attack list: an allocation of somebody else', () => {
  const METHODS: Readonly<
    Record<string, readonly [method: number, attributes: readonly ReturnType<typeof attribute>[]]>
  > = {
    Refresh: [TURN_METHOD.refresh, []],
    CreatePermission: [TURN_METHOD.createPermission, [PEER]],
    ChannelBind: [TURN_METHOD.channelBind, [attribute(channelNumber, 0x4000), PEER]],
  };

  for (const [name, [method, attributes]] of Object.entries(METHODS)) {
    refusal('A9', `${name} on an allocation of Alice's by`, {
      expect: 441,
      faults: ['bob'],
      twin: 'alice',
      stage: allocated,
      send: ({ alice }, username) => {
        const password = username === 'bob' ? USERS.bob : USERS.alice;
        return alice.request(method, attributes, { signing: { ...alice.signing, username, password } });
      },
    });

    refusal('A10', `${name} on an allocation, in another realm`, {
      expect: 441,
      faults: ['elsewhere.test'],
      twin: REALM,
      stage: allocated,
      send: ({ alice }, realm) => alice.request(method, attributes, { signing: { ...alice.signing, realm } }),
    });

    refusal('B2', `${name} needs an allocation, and says so`, {
      expect: 437,
      faults: ['none'],
      twin: 'one',
      stage: stranger,
      send: ({ alice }, there) => {
        if (there === 'one') alice.allocate();
        return alice.request(method, attributes);
      },
    });

    test(`B14 the success of ${name} is signed`, () => {
      const { alice } = allocated();
      const response = alice.request(method, attributes);
      expect(response.code).toBe(0);
      expect(response.integrity(alice.user)).toBe('ok');
    });
  }

  refusal('A15', 'a captured Allocate that comes again from', {
    expect: 438,
    faults: ['198.51.100.1 40001', '198.51.100.66 40000'],
    twin: '198.51.100.1 40000',
    stage: allocated,
    send: ({ world, alice }, from) => {
      const captured = writeRequest({
        method: TURN_METHOD.allocate,
        transactionId: alice.allocation?.transactionId ?? transactionId,
        attributes: [UDP],
        signing: alice.signing,
      });
      const [host = '', port] = from.split(' ');
      return world.client({ remote: at(host, Number(port)) }).send(captured);
    },
  });

  refusal('A16', 'a captured deletion that comes from', {
    expect: 438,
    faults: ['198.51.100.1 40001', '198.51.100.66 40000'],
    twin: '198.51.100.1 40000',
    stage: allocated,
    send: ({ world, alice }, from) => {
      const captured = writeRequest({
        method: TURN_METHOD.refresh,
        transactionId,
        attributes: [attribute(lifetime, 0)],
        signing: alice.signing,
      });
      const [host = '', port] = from.split(' ');
      return world.client({ remote: at(host, Number(port)) }).send(captured);
    },
  });

  refusal('L5', 'a second Allocate from the same address', {
    expect: 437,
    faults: ['with an allocation'],
    twin: 'after giving it back',
    stage: allocated,
    send: ({ alice }, when) => {
      if (when !== 'with an allocation') alice.request(TURN_METHOD.refresh, [attribute(lifetime, 0)]);
      return alice.allocate();
    },
  });
});
