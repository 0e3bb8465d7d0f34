import { afterEach, describe, expect, test } from 'vitest';
import { lifetime } from '../codec/lifetime.ts';
import { TURN_METHOD } from '../codec/method.ts';
import { at } from '../testing/addresses.ts';
import { attribute } from '../testing/request.ts';
import { ALICE, ServerWorld } from '../testing/server-world.ts';
import type { Logger } from './turn-server-options.ts';

const world = new ServerWorld();

afterEach(() => world.end());

function recorder(): { readonly logger: Logger; readonly lines: [string, string, unknown][] } {
  const lines: [string, string, unknown][] = [];
  const write =
    (level: string) =>
    (message: string, details?: unknown): void =>
      void lines.push([level, message, details]);
  return {
    lines,
    logger: { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') },
  };
}

describe('the log', () => {
  test('has nothing of a start: what moves the packets, and why, is for the program to tell', async () => {
    const { logger, lines } = recorder();
    const server = await world.start({ logger, plane: 'dgram' });
    expect(lines).toEqual([]);
    expect(server.plane).toBe('dgram');
    expect(server.planeDetails).toEqual({ reason: 'it was asked for' });
  });

  test('has one line for the life of an allocation, and none for the normal challenge', async () => {
    const { logger, lines } = recorder();
    const server = await world.start({ logger });
    lines.length = 0;
    const client = await world.overUdp(server);
    const relayed = await client.allocate();
    await client.request(TURN_METHOD.refresh);
    expect(lines).toEqual([]);
    await client.request(TURN_METHOD.refresh, [attribute(lifetime, 0)]);
    expect(lines).toEqual([
      [
        'info',
        'a relay session ended',
        {
          cause: 'deleted',
          id: 1,
          account: 'alice',
          transport: 'udp',
          client: expect.stringMatching(/^127\.0\.0\.1:\d+$/u),
          ports: [relayed.port],
          seconds: 0,
          bytesFromClient: 0,
          bytesToClient: 0,
        },
      ],
    ]);
  });

  test('has one line for a source that guesses passwords, without the name it tries', async () => {
    const { logger, lines } = recorder();
    const server = await world.start({ logger });
    lines.length = 0;
    for (const username of ['mallory', 'eve', 'trudy']) {
      const guesser = await world.overUdp(server, { username, password: 'guess' });
      await expect(guesser.allocate()).rejects.toThrow('401');
    }
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject(['info', expect.anything(), { reason: 'unknown-user', code: 401 }]);
    expect(JSON.stringify(lines)).not.toContain('mallory');
    expect(server.counters()).toMatchObject({ refused_unknown_user: 3, error_401: 6 });
  });

  test('names the account whose password was wrong, and never a password', async () => {
    const { logger, lines } = recorder();
    const server = await world.start({ logger });
    lines.length = 0;
    const guesser = await world.overUdp(server, { ...ALICE, password: 'a secret guess' });
    await expect(guesser.allocate()).rejects.toThrow('401');
    expect(lines).toMatchObject([
      ['info', expect.anything(), { reason: 'wrong-password', account: 'alice' }],
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/wonderland|a secret guess/u);
  });

  test('warns of a quota that is used up, and of peers only those who debug', async () => {
    const { logger, lines } = recorder();
    const server = await world.start({ logger, limits: { allocationsPerUser: 1 } });
    lines.length = 0;
    const client = await world.overUdp(server);
    await client.allocate();
    expect(await client.permit(at('10.0.0.5', 1))).toBe(403);
    expect(await client.permit(at('10.0.0.6', 1))).toBe(403);
    await expect((await world.overUdp(server)).allocate()).rejects.toThrow('486');
    expect(lines).toMatchObject([
      ['debug', expect.anything(), { reason: 'peer-not-allowed', peer: '10.0.0.5', account: 'alice' }],
      ['warn', expect.anything(), { reason: 'account-quota', account: 'alice' }],
    ]);
    expect(server.counters()).toMatchObject({ refused_peer_not_allowed: 2, refused_account_quota: 1 });
  });
});
