import { describe, expect, test } from 'vitest';
import type { Credential } from '../auth/credential-store.ts';
import { requestedTransport, UDP_PROTOCOL } from '../codec/requested-transport.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { at } from '../testing/addresses.ts';
import { ControlWorld, START_SECONDS, type Reaction, type WorldClient } from '../testing/control-world.ts';
import { attribute, rawAttribute, writeRequest, type Signing } from '../testing/request.ts';
import { failHeldRequest } from './fail-held-request.ts';
import { Questions } from './questions.ts';
import { Response } from '../testing/response.ts';

const CAROL = { username: 'carol', password: 'from the directory' };
const CAROLS: Credential = { username: 'carol', passwords: ['from the directory'], account: 'team-7' };
const LIMITS = { maxHeldRequests: 3, timeoutMs: 5000 };

let transactions = 0;

function writeAllocate(signing: Signing, padding = 0): Uint8Array {
  transactions += 1;
  const transactionId = new Uint8Array(12);
  new DataView(transactionId.buffer).setUint32(0, transactions);
  const attributes = [
    attribute(requestedTransport, UDP_PROTOCOL),
    ...(padding === 0 ? [] : [rawAttribute(0xff05, new Uint8Array(padding))]),
  ];
  return writeRequest({ method: TURN_METHOD.allocate, transactionId, attributes, signing });
}

function carolAt(world: ControlWorld, port = 1, transport: 'udp' | 'tcp' = 'udp'): WorldClient {
  return world.client({ remote: at('198.51.100.3', port), transport, ...CAROL });
}

function ask(client: WorldClient): Reaction {
  return client.send(writeAllocate(client.signing));
}

function codesOf(reactions: readonly Reaction[]): readonly unknown[] {
  return reactions.map((reaction) => (reaction instanceof Response ? reaction.code : reaction));
}

describe('a user whom only the embedder may know', () => {
  test('is asked about, and answered when the embedder has spoken', () => {
    const world = new ControlWorld({ questions: LIMITS });
    const carol = carolAt(world);
    expect(ask(carol)).toBe('ask');
    expect(world.control.allocations.size).toBe(0);
    const [response] = world.answerQuestion('carol', CAROLS);
    expect(response).toBeInstanceOf(Response);
    expect(codesOf([response ?? 'held'])).toEqual([0]);
    expect(carol.allocation?.owner).toMatchObject({ username: 'carol', account: 'team-7' });
    expect(carol.request(TURN_METHOD.refresh).code).toBe(0);
    expect(world.control.questions.size).toBe(0);
  });

  test.each([
    ['whom the embedder does not know either', undefined, 'unknown-user'],
    ['with another password', { ...CAROLS, passwords: ['x'] }, 'wrong-password'],
    ['whose time is over', { ...CAROLS, expiresAtEpochSeconds: START_SECONDS }, 'expired-credential'],
  ])('%s gets 401', (_who, credential, reason) => {
    const world = new ControlWorld({ questions: LIMITS });
    const carol = carolAt(world);
    ask(carol);
    expect(codesOf(world.answerQuestion('carol', credential))).toEqual([401]);
    expect(world.refusals.map((refusal) => refusal.reason)).toEqual([reason]);
    expect(carol.allocation).toBeUndefined();
  });

  test('is not asked about where nobody answers', () => {
    const carol = carolAt(new ControlWorld());
    expect(codesOf([ask(carol)])).toEqual([401]);
  });

  test('is not asked about without a nonce of ours, and no stranger is', () => {
    const world = new ControlWorld({ questions: LIMITS });
    const carol = carolAt(world);
    const forged = { ...carol.signing, nonce: 'AAAAAAAAAAAAAAAA' };
    expect(codesOf([carol.send(writeAllocate(forged))])).toEqual([438]);
    carol.challenge();
    expect(world.control.questions.size).toBe(0);
    expect(ask(carol)).toBe('ask');
  });

  test.each(['alice', `${START_SECONDS + 60}:guest`])(
    'is not %s, whom the server knows without him',
    (username) => {
      const world = new ControlWorld({ questions: LIMITS });
      const client = world.client({ username, password: 'wrong' });
      expect(codesOf([ask(client)])).toEqual([401]);
    },
  );

  test('is asked about once for all his clients', () => {
    const world = new ControlWorld({ questions: LIMITS });
    const reactions = [1, 2, 3].map((port) => ask(carolAt(world, port)));
    expect(reactions).toEqual(['ask', 'held', 'held']);
    expect(codesOf(world.answerQuestion('carol', CAROLS))).toEqual([0, 0, 0]);
    expect(ask(carolAt(world, 4))).toBe('ask');
  });

  test('sends the same again, which is one request and one allocation', () => {
    const world = new ControlWorld({ questions: LIMITS });
    const carol = carolAt(world);
    const octets = writeAllocate(carol.signing);
    expect([carol.send(octets), carol.send(octets), carol.send(octets)]).toEqual(['ask', 'held', 'held']);
    expect(codesOf(world.answerQuestion('carol', CAROLS))).toEqual([0]);
    expect(world.control.allocations.size).toBe(1);
  });

  test('gives a request up for another one, and only that is answered', () => {
    const world = new ControlWorld({ questions: LIMITS });
    const carol = carolAt(world);
    ask(carol);
    const later = writeAllocate(carol.signing);
    expect(carol.send(later)).toBe('ask');
    const [response, ...others] = world.answerQuestion('carol', CAROLS);
    expect(others).toEqual([]);
    if (!(response instanceof Response)) throw new Error('no answer');
    expect(response.message.transactionId).toEqual(later.subarray(8, 20));
  });

  test('has closed the connection: nothing is left to answer', () => {
    const world = new ControlWorld({ questions: LIMITS });
    const carol = carolAt(world, 1, 'tcp');
    ask(carol);
    world.closeConnection(carol);
    expect(world.answerQuestion('carol', CAROLS)).toEqual([]);
    expect(world.control.allocations.size).toBe(0);
  });
});

describe('requests that wait', () => {
  test('are so many at most: one more over UDP is dropped, over a connection answered 500', () => {
    const world = new ControlWorld({ questions: LIMITS });
    for (const port of [1, 2, 3]) ask(carolAt(world, port));
    expect(ask(carolAt(world, 4))).toBe('held-limit');
    expect(codesOf([ask(carolAt(world, 4, 'tcp'))])).toEqual([500]);
    world.answerQuestion('carol', CAROLS);
    expect(ask(carolAt(world, 4))).toBe('ask');
  });

  test('are short: a longer one is not kept', () => {
    const world = new ControlWorld({ questions: LIMITS });
    const carol = carolAt(world);
    expect(carol.send(writeAllocate(carol.signing, 1500))).toBe('held-limit');
    expect(carol.send(writeAllocate(carol.signing, 1000))).toBe('ask');
  });

  test.each([
    ['udp', 'answer-limit'],
    ['tcp', 500],
  ] as const)('are rationed by source, over %s too', (transport, refused) => {
    const world = new ControlWorld({
      questions: { ...LIMITS, maxHeldRequests: 100 },
      limits: { strangerAnswers: { burst: 2, perSecond: 1 } },
    });
    const askAt = (port: number): unknown => {
      // Over a connection nonces are not rationed, and they hold for the address whatever the transport.
      const { signing } = carolAt(world, port, 'tcp');
      return codesOf([carolAt(world, port, transport).send(writeAllocate(signing))])[0];
    };
    expect([1, 2, 3].map(askAt)).toEqual(['ask', 'held', refused]);
    world.pass(1);
    expect(askAt(3)).toBe('held');
  });

  test('wait so long and no longer', () => {
    const world = new ControlWorld({ questions: LIMITS });
    ask(carolAt(world, 1));
    world.pass(4);
    ask(carolAt(world, 2));
    expect(world.control.questions.takeLate(world.now.monotonicMs)).toEqual([]);
    world.pass(1);
    const late = world.control.questions.takeLate(world.now.monotonicMs);
    expect(late.map(({ client }) => client.remote.port)).toEqual([1]);
    expect(codesOf(world.answerQuestion('carol', CAROLS))).toEqual([0]);
  });

  test('are answered 500 without a phrase or a signature when there is no answer', () => {
    const world = new ControlWorld({ questions: LIMITS });
    ask(carolAt(world));
    const [held] = world.control.questions.take('carol');
    const outcome = failHeldRequest(held ?? { octets: new Uint8Array() });
    if (outcome.kind !== 'answer') throw new Error('no answer');
    const response = new Response(outcome.octets);
    expect(response.code).toBe(500);
    expect(response.message.attributes).toHaveLength(1);
  });

  test('are copies: what is lent may be written over', () => {
    const questions = new Questions(LIMITS);
    const octets = Uint8Array.of(1, 2, 3);
    const { path } = carolAt(new ControlWorld());
    questions.hold('tuple', { client: path, octets, username: 'carol' }, 0);
    octets.fill(9);
    expect(questions.take('carol')[0]?.octets).toEqual(Uint8Array.of(1, 2, 3));
  });
});
