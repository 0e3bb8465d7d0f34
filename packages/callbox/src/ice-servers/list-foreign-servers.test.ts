import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ForeignIceServer } from '../config/relay-value-types.ts';
import { listForeignServers } from './list-foreign-servers.ts';

const request = { account: 'tag.ana', maxLifetimeSeconds: 43_200, nowSeconds: 1_800_000_000 };

function secretServer(url: string, lifetimeSeconds: number): ForeignIceServer {
  return { url, credentials: { kind: 'secret', secret: 'north', lifetimeSeconds } };
}

test('those that share credentials are one entry', () => {
  const credentials = { kind: 'static' as const, username: 'ana', credential: 'word' };
  const { iceServers, lifetimeSeconds } = listForeignServers(
    [
      { url: 'stun:a.example', credentials: undefined },
      { url: 'turn:b.example', credentials },
      { url: 'turn:c.example', credentials: { ...credentials, username: 'bo' } },
      { url: 'turns:b.example', credentials },
    ],
    request,
  );
  expect(iceServers).toEqual([
    { urls: ['stun:a.example'] },
    { urls: ['turn:b.example', 'turns:b.example'], username: 'ana', credential: 'word' },
    { urls: ['turn:c.example'], username: 'bo', credential: 'word' },
  ]);
  expect(lifetimeSeconds).toBeUndefined();
});

test('a secret signs the participant’s own credentials; the shortest life counts', () => {
  const { iceServers, lifetimeSeconds } = listForeignServers(
    [secretServer('turn:a.example', 3600), secretServer('turn:b.example', 600)],
    request,
  );
  const username = '1800003600:tag.ana';
  expect(iceServers[0]).toEqual({
    urls: ['turn:a.example'],
    username,
    credential: createHmac('sha1', 'north').update(username).digest('base64'),
  });
  expect(lifetimeSeconds).toBe(600);
});

test('no credentials live longer than they shall', () => {
  const servers = [secretServer('turn:a.example', 86_400)];
  expect(listForeignServers(servers, { ...request, maxLifetimeSeconds: 60 })).toMatchObject({
    iceServers: [{ username: '1800000060:tag.ana' }],
    lifetimeSeconds: 60,
  });
});
