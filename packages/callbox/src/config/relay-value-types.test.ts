import { describe, expect, test } from 'vitest';
import { foreignIceServer, relayTransportList, userKey } from './relay-value-types.ts';

describe('an ICE server of others', () => {
  test.each([
    ['stun:a.example', { url: 'stun:a.example', credentials: undefined }],
    [
      'turn:a.example:3478?transport=tcp&username=ana&credential=p%26%2C%20w',
      {
        url: 'turn:a.example:3478?transport=tcp',
        credentials: { kind: 'static', username: 'ana', credential: 'p&, w' },
      },
    ],
    [
      'turns:[2001:db8::1]?secret=north&expiry=3600',
      {
        url: 'turns:[2001:db8::1]',
        credentials: { kind: 'secret', secret: 'north', lifetimeSeconds: 3600 },
      },
    ],
    [
      'turn:a.example?secret=north',
      {
        url: 'turn:a.example',
        credentials: { kind: 'secret', secret: 'north', lifetimeSeconds: 43_200 },
      },
    ],
  ])('%s is read', (text, value) => {
    expect(foreignIceServer.parse(text)).toEqual({ ok: true, value });
  });

  test.each([
    ['turn:a.example', 'username and credential, or secret'],
    ['turn:a.example?username=ana', 'username and credential, or secret'],
    ['turn:a.example?username=ana&credential=w&secret=s', 'username and credential, or secret'],
    ['turn:a.example?secret=s&expiry=5', 'from 10'],
    ['turn:a.example?transport=sctp&secret=s', 'a STUN or TURN address'],
    ['turn:a.example?password=s', 'a STUN or TURN address'],
    ['https://a.example', 'a STUN or TURN address'],
  ])('%s is none', (text, reason) => {
    expect(foreignIceServer.parse(text)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });
});

test('transports are some of three, in the order of their worth', () => {
  expect(relayTransportList.parse('tls, udp')).toEqual({ ok: true, value: ['udp', 'tls'] });
  expect(relayTransportList.parse('udp,dtls').ok).toBe(false);
  expect(relayTransportList.parse('').ok).toBe(false);
});

test('a user may be given by a key', () => {
  expect(userKey.parse('ana:00ff00ff00ff00ff00ff00ff00ff00ff')).toMatchObject({
    ok: true,
    value: { name: 'ana' },
  });
  for (const text of [
    'ana:00ff',
    'ana',
    ':00ff00ff00ff00ff00ff00ff00ff00ff',
    'ana:0x00ff00ff00ff00ff00ff00ff00ff00ff',
  ]) {
    expect(userKey.parse(text).ok).toBe(false);
  }
});
