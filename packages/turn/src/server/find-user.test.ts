import { afterEach, describe, expect, test } from 'vitest';
import { TURN_METHOD } from '../codec/method.ts';
import { eventually } from '../testing/eventually.ts';
import { ServerWorld } from '../testing/server-world.ts';
import type { FindUser, TurnServerOptions } from './turn-server-options.ts';

const CAROL = { username: 'carol', password: 'from the directory' };
const world = new ServerWorld();

afterEach(() => world.end());

const finders: readonly (readonly [string, FindUser])[] = [
  ['at once', () => ({ password: CAROL.password, account: 'team-7' })],
  ['later', () => Promise.resolve({ password: CAROL.password, account: 'team-7' })],
];

describe('findUser', () => {
  test.each(finders)('lets in whom it finds %s', async (_when, findUser) => {
    const server = await world.start({ findUser });
    const client = await world.overUdp(server, CAROL);
    await client.allocate();
    expect(server.sessions()).toMatchObject([{ account: 'team-7' }]);
    expect((await client.request(TURN_METHOD.refresh)).code).toBe(0);
    expect(server.counters()['users_asked_for']).toBe(1);
    expect(server.gauges().held_requests).toBe(0);
  });

  test('keeps out whom it does not find, and is not asked about those whom the server knows', async () => {
    const asked: string[] = [];
    const findUser: FindUser = (username) => {
      asked.push(username);
      return undefined;
    };
    const server = await world.start({ findUser });
    await expect((await world.overUdp(server, CAROL)).allocate()).rejects.toThrow('401');
    await (await world.overUdp(server)).allocate();
    expect(asked).toEqual(['carol']);
  });

  const failing: readonly (readonly [string, FindUser])[] = [
    [
      'throws',
      () => {
        throw new Error('no directory');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no directory'))],
    ['finds what is no user', () => ({}) as { password: string }],
  ];

  test.each(failing)('that %s is a 500, one line in the log, and no harm', async (_how, findUser) => {
    const errors: string[] = [];
    const ignore = (): void => undefined;
    const error = (message: string): void => void errors.push(message);
    const logger = { error, warn: ignore, info: ignore, debug: ignore };
    const server = await world.start({ findUser, logger });
    await expect((await world.overUdp(server, CAROL)).allocate()).rejects.toThrow('500');
    await expect((await world.overTcp(server, CAROL)).allocate()).rejects.toThrow('500');
    expect(errors).toHaveLength(1);
    expect(server.counters()).toMatchObject({ users_asked_for_in_vain: 2, error_500: 2 });
    await (await world.overUdp(server)).allocate();
  });

  test('that does not answer in time is a 500, and what it says later changes nothing', async () => {
    let answer: (user: { password: string }) => void = () => undefined;
    const findUser: FindUser = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const limits = { findUserTimeoutMs: 50 };
    const server = await world.start({ findUser, limits } satisfies Partial<TurnServerOptions>);
    const client = await world.overUdp(server, CAROL);
    await expect(client.allocate()).rejects.toThrow('500');
    expect(server.counters()['held_requests_timed_out']).toBe(1);
    answer({ password: CAROL.password });
    expect((await client.request(TURN_METHOD.allocate)).code).toBe(500);
    expect(server.gauges().allocations).toBe(0);
  });

  test('finds nobody waiting when the server has stopped', async () => {
    let answer: (user: { password: string }) => void = () => undefined;
    const findUser: FindUser = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const server = await world.start({ findUser });
    const client = await world.overUdp(server, CAROL);
    // Nobody will answer it.
    void client.allocate().catch(() => undefined);
    await eventually(() => server.gauges().held_requests === 1, 'the question');
    await server.stop();
    answer({ password: CAROL.password });
    expect(server.gauges()).toMatchObject({ allocations: 0, held_requests: 0 });
  });
});
