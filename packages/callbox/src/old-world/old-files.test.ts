import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import { findOptionByKey } from '../config/option-names.ts';
import { renderConfigFile } from '../config/render-config-file.ts';
import { turnserverKeys } from '@callbox/compat';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';

type Environment = Readonly<Record<string, string>>;

async function writeFiles(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await makeTemporaryDirectory();
  await mkdir(join(directory, 'config'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

async function load(args: readonly string[], environment: Environment = {}) {
  const command = await loadConfig(args, environment);
  if (!('config' in command)) throw new Error(`wants ${command.wants}`);
  return command;
}

async function loadTurnserver(text: string, more: readonly string[] = []) {
  const directory = await writeFiles({ 'turnserver.conf': text, 'cert.pem': 'cert', 'key.pem': 'key' });
  return load(['--turnserver-conf', join(directory, 'turnserver.conf'), ...more]);
}

async function loadSignalmaster(
  config: unknown,
  more: readonly string[] = [],
  environment: Environment = {},
) {
  const directory = await writeFiles({
    'config/production.json': JSON.stringify(config),
    'config/cert.pem': 'cert',
    'key.pem': 'key',
  });
  return load(['--signalmaster-config', join(directory, 'config/production.json'), ...more], environment);
}

async function refusalOf(loading: Promise<unknown>): Promise<string> {
  const error: unknown = await loading.catch((reason: unknown) => reason);
  if (!(error instanceof ConfigError)) throw new Error('it was not refused', { cause: error });
  return error.message;
}

describe('a turnserver.conf', () => {
  test('is read by flag, or by its name in the environment', async () => {
    const { config } = await loadTurnserver('listening-port=1111\nuser=ana:correct horse');
    expect(config).toMatchObject({
      turnPort: 1111,
      turnUser: [{ name: 'ana', password: 'correct horse' }],
    });
    const directory = await writeFiles({ 'turnserver.conf': 'realm=a' });
    const environment = { CALLBOX_TURNSERVER_CONF: join(directory, 'turnserver.conf') };
    expect((await load([], environment)).config.realm).toBe('a');
  });

  test('counts less than flags, the environment and our own file, which is said of the last', async () => {
    const directory = await writeFiles({
      'turnserver.conf': 'realm=theirs\nlistening-port=1111\nuser-quota=5\nmin-port=50000',
      'callbox.yaml': 'user-allocations: 7\nrelay-ports: 50000-65535',
    });
    const { config, foreign } = await load(
      [
        '--turnserver-conf',
        join(directory, 'turnserver.conf'),
        '--config',
        join(directory, 'callbox.yaml'),
        '--realm',
        'ours',
      ],
      { CALLBOX_TURN_PORT: '2222' },
    );
    expect(config).toMatchObject({ realm: 'ours', turnPort: 2222, userAllocations: 7 });
    expect(foreign.notes).toEqual([
      {
        level: 'warn',
        text: 'turnserver.conf, line 3: user-quota is overruled: callbox.yaml: user-allocations says otherwise',
      },
    ]);
  });

  test('finds its files beside it', async () => {
    const { config } = await loadTurnserver(
      'cert=cert.pem\npkey=key.pem\npkey-pwd=sesame\ntls-listening-port=5350',
    );
    expect(config.cert).toMatch(/callbox-test-.*\/cert\.pem$/u);
    expect(config).toMatchObject({ keyPassphrase: 'sesame', turnTlsPort: 5350 });
  });

  test('that is wrong is said in one line, with its place', async () => {
    for (const [text, message] of [
      [
        '\nlistening-port=high',
        'turnserver.conf, line 2: listening-port "high": a port is a whole number from 1 to 65535',
      ],
      ['min-port=100', /^turnserver\.conf, line 1: min-port "100-65535": .*within 1024 to 65535$/u],
      [
        'cert=missing.pem\npkey=key.pem',
        /^turnserver\.conf, line 1: cert ".*missing\.pem": the file cannot be read/u,
      ],
      ['cert=cert.pem', '--cert and --key belong together; one of them is missing'],
      ['stun-only', /^turnserver\.conf, line 1: stun-only: /u],
      ['user=ana', 'turnserver.conf, line 1: user: NAME:PASSWORD is wanted'],
    ] as const) {
      expect(await refusalOf(loadTurnserver(text))).toMatch(message);
    }
    expect(await refusalOf(load(['--turnserver-conf', '/nowhere/t.conf']))).toBe(
      '--turnserver-conf /nowhere/t.conf: the file cannot be read (ENOENT)',
    );
  });

  test('what of it is not done is said, louder where it was asked for', async () => {
    const { foreign } = await loadTurnserver('no-auth\npidfile=/run/t.pid\nlistning-port=5');
    expect(foreign.notes.map(({ level, text }) => [level, text.split(':')[2] ?? text])).toHaveLength(3);
    expect(foreign.notes.map(({ level }) => level)).toEqual(['warn', 'info', 'warn']);
    expect(foreign.notes[0]?.text).toMatch(/^turnserver\.conf, line 1: no-auth is not done: nobody relays/u);
  });
});

describe('a configuration of signalmaster', () => {
  const turnservers = [{ urls: ['turn:a.example:3478'], secret: 'north', expiry: 600 }];

  test('is read, and PORT of the environment counts as it did', async () => {
    const { config } = await loadSignalmaster(
      { server: { port: 9999 }, rooms: { maxClients: 4 }, turnservers, turnorigins: ['https://a.example'] },
      [],
      { PORT: '9000' },
    );
    expect(config).toMatchObject({
      signalPort: 9000,
      maxParticipants: 4,
      iceServer: [
        {
          url: 'turn:a.example:3478',
          credentials: { kind: 'secret', secret: 'north', lifetimeSeconds: 600 },
        },
      ],
      turnOrigin: ['https://a.example'],
      allowOrigin: ['https://a.example'],
    });
  });

  test('finds its files where signalmaster ran: above the folder of its configuration, or in it', async () => {
    const { config } = await loadSignalmaster({
      server: { secure: true, cert: 'config/cert.pem', key: 'key.pem' },
    });
    expect(config.cert).toMatch(/\/config\/cert\.pem$/u);
    expect(config.key).toMatch(/(?<!config)\/key\.pem$/u);
  });

  test('no message repeats a secret', async () => {
    const wrong = [{ urls: 'turn:a b', secret: 'hunter2' }];
    const message = await refusalOf(loadSignalmaster({ turnservers: wrong }));
    expect(message).toMatch(/^production\.json, turnservers: a STUN or TURN address is wanted/u);
    expect(message).not.toContain('hunter2');
  });
});

describe('two files of other programs', () => {
  async function loadBoth(more: readonly string[] = []) {
    const directory = await writeFiles({
      'turnserver.conf': 'cert=cert.pem\npkey=key.pem',
      'production.json': JSON.stringify({ server: { secure: true, cert: 'other.pem', key: 'key.pem' } }),
      'cert.pem': '',
      'other.pem': '',
      'key.pem': '',
    });
    return load([
      '--turnserver-conf',
      join(directory, 'turnserver.conf'),
      '--signalmaster-config',
      join(directory, 'production.json'),
      ...more.map((word) => word.replace('DIRECTORY', directory)),
    ]);
  }

  test('that say different things are named, until something above them decides', async () => {
    expect(await refusalOf(loadBoth())).toBe(
      'turnserver.conf, line 1: cert and production.json, server.cert differ; choose with --cert',
    );
    expect((await loadBoth(['--cert', 'DIRECTORY/cert.pem'])).config.cert).toMatch(/\/cert\.pem$/u);
  });
});

describe('what migrate prints', () => {
  const everything = [
    'listening-port=1111',
    'listening-ip=127.0.0.1',
    'listening-ip=::1',
    'relay-ip=127.0.0.1',
    'external-ip=203.0.113.9/127.0.0.1',
    'min-port=50000',
    'max-port=50999',
    'realm=calls.example',
    'user=ana:correct "horse": #1, yes',
    'user=bo:0xbc807ee29df3c9ffa736523fb2c4e8ee',
    'user-quota=12',
    'total-quota=0',
    'max-bps=64000',
    'allowed-peer-ip=10.0.0.5',
    'denied-peer-ip=10.0.0.0-10.0.0.255',
    'no-tcp',
    'verbose',
    'log-file=/tmp/callbox-migrated.log',
    'pidfile=/run/t.pid',
    'no-auth',
    'nonsense=1',
  ].join('\n');

  async function migrated(loaded: Awaited<ReturnType<typeof load>>): Promise<Config> {
    const directory = await writeFiles({ 'callbox.yaml': renderConfigFile(loaded.foreign) });
    return (await load(['--config', join(directory, 'callbox.yaml')])).config;
  }

  test('loads, and is the same configuration', async () => {
    const loaded = await loadTurnserver(everything);
    expect(loaded.config.turnUser).toEqual([{ name: 'ana', password: 'correct "horse": #1, yes' }]);
    expect(await migrated(loaded)).toEqual(loaded.config);
    const secret = await loadTurnserver('static-auth-secret=- north: & south');
    expect(secret.config.turnSecret).toEqual(['- north: & south']);
    expect(await migrated(secret)).toEqual(secret.config);
    const other = await loadSignalmaster({
      server: { port: 9999, secure: true, cert: 'config/cert.pem', key: 'key.pem', password: 'p: #w' },
      rooms: { maxClients: 0 },
      stunservers: [{ urls: 'stun:a.example' }],
      turnservers: [{ url: 'turn:b.example', username: 'ana', credential: 'a, b & c: "d" #1' }],
      turnorigins: ['https://a.example'],
    });
    expect(await migrated(other)).toEqual(other.config);
  });

  test('has a comment for each thing that it does not hold', async () => {
    const text = renderConfigFile((await loadTurnserver(everything)).foreign);
    expect(text.slice(text.indexOf('# What the above')).split('\n')).toEqual([
      '# What the above does not hold:',
      expect.stringMatching(/^# turnserver\.conf, line 19: pidfile is left out: /u),
      expect.stringMatching(/^# turnserver\.conf, line 20: no-auth is not done: /u),
      expect.stringMatching(/^# turnserver\.conf, line 21: nonsense is unknown: /u),
      '',
    ]);
    expect(text).toContain('# turnserver.conf, line 6: min-port\nrelay-ports: 50000-50999\n');
  });
});

test('every option that a key becomes exists', () => {
  const keys = [...turnserverKeys.values()].flatMap(({ options }) => options);
  expect(keys.length).toBeGreaterThan(20);
  expect(keys.filter((key) => findOptionByKey(key) === undefined)).toEqual([]);
});
