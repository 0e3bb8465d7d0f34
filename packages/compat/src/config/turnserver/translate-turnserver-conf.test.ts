import { describe, expect, test } from 'vitest';
import { translateTurnserverConf } from './translate-turnserver-conf.ts';

/** What the file becomes: options by key. */
function optionsOf(text: string): Record<string, readonly string[]> {
  const { options } = translateTurnserverConf(text);
  return Object.fromEntries(options.map(({ key, texts }) => [key, texts]));
}

function notesOf(text: string): readonly string[] {
  return translateTurnserverConf(text).notes.map(
    ({ place, kind, text: words }) => `${kind} ${place}: ${words}`,
  );
}

const recipe = `
# coturn, as the recipe has it
listening-port=3478
listening-ip=172.17.0.5
relay-ip=172.17.0.5
external-ip=203.0.113.9/172.17.0.5
min-port=49152
max-port=59999
lt-cred-mech
user=ana:correct horse
realm=calls.example
fingerprint
verbose
`;

describe('a turnserver.conf', () => {
  test('of the recipe becomes these options and nothing to talk about', () => {
    expect(optionsOf(recipe)).toEqual({
      'turn-port': ['3478'],
      'relay-ports': ['49152-59999'],
      'turn-listen': ['172.17.0.5'],
      'relay-address': ['172.17.0.5'],
      'public-address': ['203.0.113.9'],
      'turn-user': ['ana:correct horse'],
      realm: ['calls.example'],
      'log-level': ['debug'],
    });
    expect(notesOf(recipe)).toEqual([]);
  });

  test('names the line of each option', () => {
    const { options } = translateTurnserverConf('\n\nrealm=a\nmax-port = 60000\n');
    expect(options.map(({ key, place }) => [key, place])).toEqual([
      ['relay-ports', 'line 4: max-port'],
      ['realm', 'line 3: realm'],
    ]);
  });

  test('is read as coturn reads it: blanks for =, quotes, CRLF, the last of several lines, words for off', () => {
    const text =
      '  realm "the realm"\r\nlistening-port 1111\nlistening-port=2222\nno-udp\nno-udp=off\nno-tcp yes\n';
    expect(optionsOf(text)).toEqual({
      realm: ['the realm'],
      'turn-port': ['2222'],
      'turn-transports': ['udp,tls'],
    });
  });

  test('may have a comment behind an address or a number, and # in a password', () => {
    const text = 'external-ip=203.0.113.9   # the public one\nuser=ana:a #1\n';
    expect(optionsOf(text)).toEqual({ 'public-address': ['203.0.113.9'], 'turn-user': ['ana:a #1'] });
  });

  test('with a secret lets those who sign with it reach whom they reached before', () => {
    expect(optionsOf('use-auth-secret\nstatic-auth-secret=north\nstatic-auth-secret=south')).toEqual({
      'turn-secret': ['north', 'south'],
      'relay-peers': ['participants-and-services'],
    });
  });

  test('with a secret lets in nobody by user, as coturn does, and says so without the password', () => {
    for (const secret of ['static-auth-secret=north', 'use-auth-secret']) {
      const text = `user=ana:hunter2\nuser=bo:0xbc807ee29df3c9ffa736523fb2c4e8ee\n${secret}`;
      expect(Object.keys(optionsOf(text)).filter((key) => key.startsWith('turn-user'))).toEqual([]);
      const notes = notesOf(text).filter((note) => note.includes(': user: '));
      expect(notes).toHaveLength(2);
      expect(notes.join()).not.toContain('hunter2');
    }
  });

  test('with a secret in a database is told that there is none', () => {
    expect(notesOf('use-auth-secret')).toEqual([
      expect.stringMatching(/^refused line 1: use-auth-secret: .*database/u),
    ]);
  });

  test('gives users by password or by key', () => {
    const key = 'bc807ee29df3c9ffa736523fb2c4e8ee';
    expect(
      optionsOf(`realm=north.gov\nuser=bo:pass:word\nuser=ninefingers:0x${key.toUpperCase()}\nuser=bo:new`),
    ).toEqual({
      realm: ['north.gov'],
      'turn-user': ['bo:new'],
      'turn-user-key': [`ninefingers:${key}`],
    });
  });

  test('what it allows is cut out of what it denies', () => {
    const text =
      'denied-peer-ip=10.0.0.0-10.255.255.255\nallowed-peer-ip=10.0.0.0-10.127.255.255\nallow-loopback-peers';
    expect(optionsOf(text)).toEqual({
      'allow-peer': ['10.0.0.0/9', '127.0.0.0/8', '::1/128'],
      'deny-peer': ['10.128.0.0/9'],
    });
  });

  test('of several addresses of one family the first relays, by the mapping that is its own', () => {
    const text = [
      'listening-ip=10.0.0.1',
      'listening-ip=10.0.0.2',
      'relay-ip=10.0.0.2',
      'relay-ip=10.0.0.1',
      'relay-ip=2001:db8::2',
      'external-ip=203.0.113.1/10.0.0.1',
      'external-ip=203.0.113.2/10.0.0.2',
    ].join('\n');
    expect(optionsOf(text)).toEqual({
      'turn-listen': ['10.0.0.1', '10.0.0.2'],
      'relay-address': ['10.0.0.2', '2001:db8::2'],
      'public-address': ['203.0.113.2'],
    });
    expect(notesOf(text).map((note) => note.split(':')[0])).toEqual(['refused line 4', 'refused line 6']);
  });

  test('a mapping alone says which address relays', () => {
    expect(optionsOf('external-ip=203.0.113.1/10.0.0.1')).toEqual({
      'relay-address': ['10.0.0.1'],
      'public-address': ['203.0.113.1'],
    });
  });

  test('a certificate opens the port of TLS, unless there shall be none', () => {
    const pair = 'cert=c.pem\npkey=k.pem\npkey-pwd=opened\n';
    expect(optionsOf(pair)).toEqual({
      'turn-tls-port': ['5349'],
      cert: ['c.pem'],
      key: ['k.pem'],
      'key-passphrase': ['opened'],
    });
    expect(optionsOf(`${pair}no-tls`)).toMatchObject({ 'turn-transports': ['udp,tcp'] });
    expect(optionsOf(`${pair}no-tls`)).not.toHaveProperty('turn-tls-port');
    expect(optionsOf('listening-port=443\ntls-listening-port=443')).toEqual({ 'turn-port': ['443'] });
    expect(translateTurnserverConf(pair).options.filter(({ namesFile }) => namesFile)).toHaveLength(2);
  });

  test('limits are carried over, and none is as good as none', () => {
    expect(optionsOf('user-quota=12\ntotal-quota=0\nmax-bps=64000')).toEqual({
      'user-allocations': ['12'],
      'max-allocations': ['1000000'],
      'session-rate': ['64000'],
    });
    expect(optionsOf('max-bps=0')).toEqual({ 'session-rate': ['off'] });
  });

  test('a log file is one, unless its name stands for none', () => {
    expect(optionsOf('log-file=/var/log/turn.log')).toEqual({ 'log-file': ['/var/log/turn.log'] });
    expect(optionsOf('log-file=stdout')).toEqual({});
  });

  test('what is left out in any case needs no value', () => {
    expect(notesOf('cipher-list=')).toEqual([expect.stringMatching(/^ignored line 1: cipher-list/u)]);
  });

  test('unknown keys are named, each with its line', () => {
    expect(notesOf('realm=a\nlistning-port=3478')).toEqual([
      'unknown line 2: listning-port: no key that Callbox or coturn 4 knows',
    ]);
  });

  test.each([
    ['realm=', 'line 1: realm: a value is wanted'],
    ['no-udp=perhaps', 'line 1: no-udp: on or off is wanted'],
    ['user=ana', 'line 1: user: NAME:PASSWORD is wanted'],
    ['user=ana:0x12', 'line 1: user: a key is 0x and 32 hexadecimal digits'],
    ['user=ana:0xbc807ee29df3c9ffa736523fb2c4e8ee', /names none/u],
    ['denied-peer-ip=10.0.0.0/8', /line 1: denied-peer-ip: .*two of one family/u],
    ['external-ip=host', 'line 1: external-ip: an IP address is wanted'],
    ['external-ip=203.0.113.1/::1', /different families/u],
    ['no-udp\nno-tcp\nno-tls', /nobody reaches the relay/u],
    ['CA-file=ca.pem', /everybody with a password would be let in/u],
    ['stun-only', /asks for no relay/u],
    ['alternate-server=203.0.113.1', /ice-server/u],
  ])('%j does not start', (text, message) => {
    expect(() => translateTurnserverConf(text)).toThrow(message);
  });

  test('no message repeats a password', () => {
    for (const text of ['user=:hunter2', 'user=ana:0xhunter2']) {
      expect(() => translateTurnserverConf(text)).toThrow(/^(?!.*hunter2)/u);
    }
  });
});
