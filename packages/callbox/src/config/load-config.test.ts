import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeTemporaryDirectory } from '../testing/temporary-directory.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { loadConfig } from './load-config.ts';

async function load(args: readonly string[], environment: Record<string, string> = {}): Promise<Config> {
  const command = await loadConfig(args, environment);
  if (command.wants !== 'start') throw new Error(`wants ${command.wants}`);
  return command.config;
}

async function writeConfigFile(text: string, name = 'callbox.yaml'): Promise<string> {
  const file = join(await makeTemporaryDirectory(), name);
  await writeFile(file, text);
  return file;
}

async function refusalOf(args: readonly string[], environment: Record<string, string> = {}): Promise<string> {
  const error: unknown = await loadConfig(args, environment).catch((reason: unknown) => reason);
  if (!(error instanceof ConfigError)) throw new Error('it was not refused', { cause: error });
  return error.message;
}

test('nothing has to be configured', async () => {
  expect(await load([])).toEqual({
    host: undefined,
    port: 8080,
    httpPort: undefined,
    signalPort: 8888,
    turnPort: 3478,
    turnTlsPort: undefined,
    turnListen: [],
    turnTransports: ['udp', 'tcp', 'tls'],
    relayAddress: [],
    relayPorts: { min: 61_000, max: 65_535 },
    publicAddress: [],
    turnHost: undefined,
    askCloudMetadata: false,
    trustedProxy: [],
    proxyProtocol: [],
    proxyHeader: 'x-forwarded',
    httpOnly: false,
    basePath: '/',
    turnSecret: [],
    turnUser: [],
    turnUserKey: [],
    realm: 'callbox',
    relayPlane: 'auto',
    relayWorkers: 'auto',
    relayPeers: 'participants',
    allowPeer: [],
    denyPeer: [],
    maxAllocations: 20_000,
    userAllocations: 1_000,
    sourceAllocations: 3_000,
    userRate: 12_500_000,
    sourceConnections: 4_000,
    sessionRate: undefined,
    relayBudget: undefined,
    maxParticipants: 8,
    grace: 15,
    noLegacy: false,
    allowOrigin: [],
    roles: ['turn', 'signaling', 'web'],
    signalingUrl: undefined,
    iceServer: [],
    turnOrigin: [],
    turnUrl: [],
    domain: [],
    acme: false,
    acmeDirectory: 'https://acme-v02.api.letsencrypt.org/directory',
    acmeEmail: undefined,
    acmeEabKid: undefined,
    acmeEabKey: undefined,
    cert: undefined,
    key: undefined,
    keyPassphrase: undefined,
    dataDir: resolve('callbox-data'),
    noQr: false,
    logLevel: 'info',
    logFile: undefined,
  });
});

test.each([
  ['--host 127.0.0.1', { host: '127.0.0.1' }],
  ['--host [::1]', { host: '::1' }],
  ['--port 0', { port: 0 }],
  ['--port=9000', { port: 9000 }],
  ['start --port 9000', { port: 9000 }],
  ['--no-qr', { noQr: true }],
  ['--http-port 8081', { httpPort: 8081 }],
  ['--http-port off', { httpPort: undefined }],
  ['--domain Calls.Example. --domain 小宝.example', { domain: ['calls.example', 'xn--pbt3j.example'] }],
  ['--domain calls.example', { port: 443, httpPort: 80 }],
  ['--domain calls.example --port 8443 --http-port off', { port: 8443, httpPort: undefined }],
  ['--acme --public-address 192.0.2.7', { acme: true, port: 443, httpPort: 80 }],
  ['--acme-directory https://ca.example/dir', { acmeDirectory: 'https://ca.example/dir', port: 8080 }],
  ['--acme-email admin@calls.example', { acmeEmail: 'admin@calls.example' }],
  [
    '--acme-eab-kid kid-1 --acme-eab-key AAECAwQFBgcICQoLDA0ODw',
    { acmeEabKid: 'kid-1', acmeEabKey: Uint8Array.from({ length: 16 }, (_, index) => index) },
  ],
  ['--relay-ports 50000-50000', { relayPorts: { min: 50_000, max: 50_000 } }],
  [
    '--public-address 192.0.2.7 --public-address 2001:db8::7',
    { publicAddress: ['192.0.2.7', '2001:db8::7'] },
  ],
  ['--turn-host Relay.example', { turnHost: 'relay.example' }],
  ['--turn-host 2001:db8::7', { turnHost: '2001:db8::7' }],
  ['--ask-cloud-metadata', { askCloudMetadata: true }],
  [
    '--trusted-proxy 127.0.0.1 --trusted-proxy 10.0.0.0/8 --proxy-protocol turn-port --proxy-protocol port',
    { trustedProxy: ['127.0.0.1', '10.0.0.0/8'], proxyProtocol: ['turnPort', 'port'] },
  ],
  ['--proxy-header forwarded', { proxyHeader: 'forwarded' }],
  ['--http-only', { httpOnly: true }],
  ['--base-path /calls', { basePath: '/calls/' }],
  ['--base-path /a/b.c/', { basePath: '/a/b.c/' }],
  ['--base-path /', { basePath: '/' }],
  ['--turn-user alice:a:b', { turnUser: [{ name: 'alice', password: 'a:b' }] }],
  ['--turn-secret new --turn-secret old', { turnSecret: ['new', 'old'] }],
  [
    '--allow-peer 10.0.0.0/8 --deny-peer 10.1.0.0/16',
    { allowPeer: ['10.0.0.0/8'], denyPeer: ['10.1.0.0/16'] },
  ],
  ['--relay-peers public', { relayPeers: 'public' }],
  ['--relay-plane dgram', { relayPlane: 'dgram' }],
  ['--relay-workers 4', { relayWorkers: 4 }],
  ['--relay-workers auto', { relayWorkers: 'auto' }],
  ['--relay-budget 500GB', { relayBudget: 500e9 }],
  ['--relay-budget 1.5tb', { relayBudget: 1.5e12 }],
  ['--relay-budget 2MiB', { relayBudget: 2_097_152 }],
  ['--relay-budget 100', { relayBudget: 100 }],
  ['--relay-budget off', { relayBudget: undefined }],
  ['--roles turn,turn', { roles: ['turn'] }],
  ['--allow-origin https://Calls.example:443', { allowOrigin: ['https://calls.example'] }],
  ['--allow-origin *', { allowOrigin: ['*'] }],
  ['--signaling-url https://s.example:8888', { signalingUrl: 'https://s.example:8888' }],
  ['--signaling-url https://s.example/', { signalingUrl: 'https://s.example' }],
  ['--signaling-url https://s.example/calls', { signalingUrl: 'https://s.example/calls/' }],
  ['--log-level debug', { logLevel: 'debug' }],
])('%s is understood', async (line, expected) => {
  expect(await load(line.split(' '))).toMatchObject(expected);
});

describe('what is wrong is said in one line', () => {
  test.each([
    ['--prot 9000', 'unknown option --prot; did you mean --port?'],
    ['--relay-port 1-2', 'unknown option --relay-port; did you mean --relay-ports?'],
    ['--frobnicate', 'unknown option --frobnicate; callbox --help lists them all'],
    ['-p 9000', 'unknown option -p; callbox --help lists them all'],
    ['halt', 'unknown argument "halt"; callbox --help says what there is'],
    ['strat', 'unknown argument "strat"; did you mean start?'],
    ['start now', 'unknown argument "now"; callbox --help says what there is'],
    ['--port 9000 start', 'unknown argument "start"; callbox --help says what there is'],
    ['--port', '--port wants a value'],
    ['--port 70000', '--port "70000": a port is a whole number from 0 to 65535'],
    ['--port 80.5', '--port "80.5": a port is a whole number from 0 to 65535'],
    ['--port -1', '--port "-1": a port is a whole number from 0 to 65535'],
    ['--port 1 --port 2', '--port is given more than once'],
    ['--turn-port 0', '--turn-port "0": a port is a whole number from 1 to 65535'],
    [
      '--relay-ports 5000-2000',
      '--relay-ports "5000-2000": the range is the wrong way round: 5000 is above 2000',
    ],
    [
      '--relay-ports 61000',
      '--relay-ports "61000": a range of ports is written FIRST-LAST, such as 61000-65535, within 1024 to 65535',
    ],
    [
      '--relay-ports 1024-70000',
      '--relay-ports "1024-70000": a range of ports is written FIRST-LAST, such as 61000-65535, within 1024 to 65535',
    ],
    ['--host here', '--host "here": an IP address is wanted, such as 192.0.2.7 or 2001:db8::7'],
    ['--public-address ::', '--public-address "::": a wildcard is not an address that anybody can reach'],
    [
      '--public-address 192.0.2.1 --public-address 192.0.2.2',
      '--public-address: at most one IPv4 and one IPv6 address',
    ],
    ['--turn-user alice', '--turn-user: a user is written NAME:PASSWORD'],
    ['--turn-user :secret', '--turn-user: the name before the colon is empty'],
    ['--turn-user alice:', '--turn-user: the password after the colon is empty'],
    ['--turn-user a:1 --turn-user a:2', '--turn-user: "a" is given twice'],
    ['--turn-secret=', '--turn-secret: a secret may not be empty'],
    ['--realm=', '--realm "": a realm has 1 to 127 characters'],
    [
      '--max-participants 1',
      '--max-participants "1": the number of participants is a whole number from 2 to 100',
    ],
    [
      '--roles turn,wbe',
      '--roles "turn,wbe": unknown role "wbe", the roles are turn, signaling, web; did you mean web?',
    ],
    ['--roles=', '--roles "": unknown role "", the roles are turn, signaling, web'],
    [
      '--relay-peers all',
      '--relay-peers "all": one of participants, participants-and-services, public is wanted',
    ],
    ...['0', '5XB', '-1GB', 'GB', '1e9'].map((text) => [
      `--relay-budget ${text}`,
      `--relay-budget "${text}": an amount is wanted, such as 500GB, 1.5TB or 800MiB`,
    ]),
    [
      '--max-allocations 0',
      '--max-allocations "0": the number of allocations is a whole number from 1 to 1000000',
    ],
    ['--log-level loud', '--log-level "loud": the levels are error, warn, info, debug'],
    [
      '--allow-origin https://a.example/page',
      '--allow-origin "https://a.example/page": scheme, host and port are wanted and nothing after them, such as https://calls.example:8888',
    ],
    [
      '--signaling-url ws://a.example',
      '--signaling-url "ws://a.example": scheme, host, port and a path at most are wanted, such as https://calls.example:8888',
    ],
    [
      '--signaling-url https://a.example/?b=c',
      '--signaling-url "https://a.example/?b=c": scheme, host, port and a path at most are wanted, such as https://calls.example:8888',
    ],
    [
      '--trusted-proxy 0.0.0.0/0',
      '--trusted-proxy 0.0.0.0/0: that is everybody; name the proxy by its address',
    ],
    [
      '--turn-url relay.example',
      '--turn-url "relay.example": a TURN address is wanted, such as turn:relay.example:3478?transport=udp',
    ],
    ['--cert /nowhere/cert.pem', '--cert "/nowhere/cert.pem": the file cannot be read (ENOENT)'],
    ['--cert /dev/null', '--cert and --key belong together; one of them is missing'],
    ['--domain calls', '--domain "calls": a whole name is wanted and nothing else, such as calls.example'],
    [
      '--domain 192.0.2.7',
      '--domain "192.0.2.7": a whole name is wanted and nothing else, such as calls.example',
    ],
    ['--acme', '--acme: say for which address, with --public-address'],
    [
      '--turn-host https://relay.example',
      '--turn-host "https://relay.example": a name or an address is wanted and nothing else, such as relay.example',
    ],
    [
      '--turn-host relay.example:3478',
      '--turn-host "relay.example:3478": a name or an address is wanted and nothing else, such as relay.example',
    ],
    [
      '--trusted-proxy proxy.example',
      '--trusted-proxy "proxy.example": a block of addresses is wanted, such as 10.0.0.0/8 ("proxy.example" is not an IP address)',
    ],
    ['--proxy-protocol 8080', '--proxy-protocol "8080": one of port, signal-port, turn-port is wanted'],
    ['--proxy-protocol port', '--proxy-protocol: say by which proxies, with --trusted-proxy'],
    ['--proxy-header via', '--proxy-header "via": x-forwarded or forwarded is wanted'],
    [
      '--http-only --domain calls.example',
      '--http-only: a certificate is of no use without HTTPS; leave one of the two out',
    ],
    ...['/a?b', '/a&b', '/../', '/%2f/'].map((path) => [
      `--base-path=${path}`,
      `--base-path "${path}": a path of letters, digits, - . _ ~ and slashes is wanted, such as /calls/`,
    ]),
    [
      '--acme --cert /dev/null --key /dev/null',
      '--acme and --cert: the one obtains a certificate, the other brings one; choose',
    ],
    [
      '--acme-directory http://ca.example/dir',
      '--acme-directory "http://ca.example/dir": an address that begins with https:// is wanted',
    ],
    ['--acme-email admin', '--acme-email "admin": one address is wanted, such as admin@calls.example'],
    ['--acme-eab-kid me', '--acme-eab-kid and --acme-eab-key belong together; one of them is missing'],
    ['--acme-eab-key short', '--acme-eab-key: a key is at least 16 octets in base64url'],
    ['--http-port none', '--http-port "none": a port is a whole number from 0 to 65535, or off'],
    ['--http-port 8080', '--port and --http-port are both 8080; they must differ'],
    ['--acme=maybe', '--acme "maybe": true or false is wanted'],
    ['--config /nowhere.yaml', '--config /nowhere.yaml: the file cannot be read (ENOENT)'],
    ['--port 8888', '--port and --signal-port are both 8888; they must differ'],
    ['--turn-port 8080', '--port and --turn-port are both 8080; they must differ'],
    ['--relay-ports 3000-4000', '--turn-port 3478 lies within --relay-ports 3000-4000; they must differ'],
    ['--roles web', '--roles without signaling: say where it runs with --signaling-url'],
    [
      '--roles signaling --turn-url turn:relay.example',
      '--turn-url: give the --turn-secret that the relay there knows',
    ],
  ])('%s', async (line, message) => {
    expect(await refusalOf(line.split(' '))).toBe(message);
  });

  test.each(['10.0.0.0/33', '10.0.0/8', '2001:db8::/129', 'everywhere', '10.0.0.0/8/8'])(
    'the block %s is none',
    async (block) => {
      expect(await refusalOf(['--deny-peer', block])).toMatch(
        /^--deny-peer ".+": a block of addresses is wanted, such as 10\.0\.0\.0\/8 \(.+\)$/,
      );
    },
  );

  test('no message shows a secret', async () => {
    expect(await refusalOf(['--turn-user', 'hunter2'])).not.toContain('hunter2');
  });
});

describe('the environment', () => {
  test('gives any option, and several values of one between commas', async () => {
    const environment = { CALLBOX_RELAY_PORTS: '50000-50010', CALLBOX_TURN_SECRET: 'new, old', PORT: '1' };
    expect(await load([], environment)).toMatchObject({
      relayPorts: { min: 50_000, max: 50_010 },
      turnSecret: ['new', 'old'],
      port: 8080,
    });
  });

  test('turns a switch on or off by a word', async () => {
    const environment = { CALLBOX_ACME: 'true', CALLBOX_PUBLIC_ADDRESS: '192.0.2.7' };
    expect(await load([], environment)).toMatchObject({ acme: true });
    expect(await load(['--acme=false'], environment)).toMatchObject({ acme: false });
  });

  test('counts an empty variable as absent', async () => {
    expect(await load([], { CALLBOX_PORT: '' })).toMatchObject({ port: 8080 });
  });

  test('is named by its variable when it is wrong', async () => {
    expect(await refusalOf([], { CALLBOX_PORT: 'tcp://10.0.0.1:80' })).toBe(
      'CALLBOX_PORT "tcp://10.0.0.1:80": a port is a whole number from 0 to 65535',
    );
  });
});

describe('the file', () => {
  test('gives options by the names of the flags, alone or in lists', async () => {
    const file = await writeConfigFile(
      'port: 9000\nrelay-ports: 50000-50010\nturn-user:\n  - alice:0123\nallow-origin: https://a.example\n',
    );
    expect(await load(['--config', file])).toMatchObject({
      port: 9000,
      relayPorts: { min: 50_000, max: 50_010 },
      turnUser: [{ name: 'alice', password: '0123' }],
      allowOrigin: ['https://a.example'],
    });
  });

  test('keeps the zeros before a secret of digits', async () => {
    const file = await writeConfigFile('turn-secret: 00123\n');
    expect(await load(['--config', file])).toMatchObject({ turnSecret: ['00123'] });
  });

  test('may be JSON', async () => {
    const file = await writeConfigFile('{"port": 9000, "roles": "turn,signaling,web"}', 'callbox.json');
    expect(await load(['--config', file])).toMatchObject({ port: 9000 });
  });

  test('may be empty', async () => {
    expect(await load(['--config', await writeConfigFile('# nothing yet\n')])).toMatchObject({ port: 8080 });
  });

  test('is found through the environment', async () => {
    const file = await writeConfigFile('port: 9000\n');
    expect(await load([], { CALLBOX_CONFIG: file })).toMatchObject({ port: 9000 });
  });

  test.each([
    ['prot: 9000\n', 'callbox.yaml: unknown key "prot"; did you mean port?'],
    ['whatever: 1\n', 'callbox.yaml: unknown key "whatever"; callbox --help lists them all'],
    ['port: 70000\n', 'callbox.yaml: port "70000": a port is a whole number from 0 to 65535'],
    ['port:\n  number: 1\n', 'callbox.yaml: port: a value or a list of values is wanted'],
    ['port: [1, 2]\n', 'callbox.yaml: port is given more than once'],
    ['- port\n', 'callbox.yaml: lines such as "port: 8080" are wanted'],
    ['just words\n', 'callbox.yaml: lines such as "port: 8080" are wanted'],
    ['port: 1\nport: 2\n', 'callbox.yaml: Map keys must be unique at line 2, column 1'],
    ['port: "1\n', 'callbox.yaml: Missing closing "quote at line 2, column 1'],
  ])('%j is refused', async (text, message) => {
    expect(await refusalOf(['--config', await writeConfigFile(text)])).toBe(message);
  });
});

test('flags win over the environment, the environment over the file, the file over the default', async () => {
  const file = await writeConfigFile('port: 9001\nsignal-port: 9011\nturn-port: 9021\nturn-secret: [a, b]\n');
  const environment = { CALLBOX_PORT: '9002', CALLBOX_SIGNAL_PORT: '9012', CALLBOX_TURN_SECRET: 'c' };
  expect(await load(['--config', file, '--port', '9003'], environment)).toMatchObject({
    port: 9003,
    signalPort: 9012,
    turnPort: 9021,
    turnSecret: ['c'],
    maxParticipants: 8,
    noLegacy: false,
  });
});

test.each([
  [['--help'], 'help'],
  [['-h'], 'help'],
  [['--version'], 'version'],
  [['-v'], 'version'],
  [['--port', '9000', '--help'], 'help'],
])('%j wants the %s only', async (args, wants) => {
  expect(await loadConfig(args, {})).toEqual({ wants });
});
