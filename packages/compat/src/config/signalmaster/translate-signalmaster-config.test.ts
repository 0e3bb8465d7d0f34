import { describe, expect, test } from 'vitest';
import { translateSignalmasterConfig } from './translate-signalmaster-config.ts';

function translate(config: unknown, environment: Record<string, string> = {}) {
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  const { options, notes } = translateSignalmasterConfig(text, environment);
  return {
    options: Object.fromEntries(options.map(({ key, texts }) => [key, texts])),
    notes: notes.map(({ place, kind }) => `${kind} ${place}`),
  };
}

/** The shape of the file that comes with signalmaster, with values of ours. */
const sample = {
  isDev: true,
  server: {
    port: 8888,
    '/* secure */': '/* whether this connects via https */',
    secure: false,
    key: null,
    cert: null,
    password: null,
  },
  rooms: { '/* maxClients */': '/* 0 is no limit */', maxClients: 12 },
  stunservers: [{ urls: 'stun:stun.example:3478' }],
  turnservers: [
    { urls: ['turn:a.example:3478', 'turn:a.example?transport=tcp'], secret: 's&=, ', expiry: 3600 },
  ],
};

describe('a configuration of signalmaster', () => {
  test('becomes these options', () => {
    expect(translate(sample)).toEqual({
      options: {
        'signal-port': ['8888'],
        'max-participants': ['12'],
        'ice-server': [
          'stun:stun.example:3478',
          'turn:a.example:3478?secret=s%26%3D%2C%20&expiry=3600',
          'turn:a.example?transport=tcp&secret=s%26%3D%2C%20&expiry=3600',
        ],
      },
      notes: [],
    });
  });

  test('with secure serves by its own certificate', () => {
    const server = {
      port: 443,
      secure: true,
      key: 'config/key.pem',
      cert: '/etc/cert.pem',
      password: 'opened',
    };
    const { options } = translateSignalmasterConfig(JSON.stringify({ server }), {});
    expect(options).toEqual([
      { key: 'signal-port', texts: ['443'], place: 'server.port' },
      { key: 'cert', texts: ['/etc/cert.pem'], place: 'server.cert', namesFile: true },
      { key: 'key', texts: ['config/key.pem'], place: 'server.key', namesFile: true },
      { key: 'key-passphrase', texts: ['opened'], place: 'server.password' },
    ]);
  });

  test('without secure leaves key and cert alone, and says so', () => {
    expect(translate({ server: { secure: false, key: 'k', cert: 'c' } })).toEqual({
      options: {},
      notes: ['ignored server.secure'],
    });
  });

  test('PORT of the environment wins, as it did', () => {
    expect(translate(sample, { PORT: '9000' }).options['signal-port']).toEqual(['9000']);
  });

  test('no limit is the most there is', () => {
    expect(translate({ rooms: { maxClients: 0 } })).toEqual({
      options: { 'max-participants': ['100'] },
      notes: ['changed rooms.maxClients'],
    });
  });

  test('a relay has a secret or a user', () => {
    const turnservers = [{ url: 'turn:b.example', username: 'ana', credential: 'p w' }];
    expect(translate({ turnservers }).options).toEqual({
      'ice-server': ['turn:b.example?username=ana&credential=p%20w'],
    });
  });

  test('a secret without expiry lasts a day', () => {
    const turnservers = [{ urls: 'turn:b.example', secret: 's' }];
    expect(translate({ turnservers }).options).toEqual({
      'ice-server': ['turn:b.example?secret=s&expiry=86400'],
    });
  });

  test('origins get relays, and may use the signaling', () => {
    expect(translate({ turnorigins: ['https://a.example'] }).options).toEqual({
      'turn-origin': ['https://a.example'],
      'allow-origin': ['https://a.example'],
    });
  });

  test('takes values from the environment, as a whole and in capitals only', () => {
    const config = {
      server: { port: '$MY_PORT' },
      stunservers: [{ urls: '$STUN' }],
      turnservers: [{ urls: 'turn:$x', username: '$lower', credential: '$5$crypt' }],
    };
    expect(translate(config, { MY_PORT: '7000', STUN: 'stun:c.example' }).options).toEqual({
      'signal-port': ['7000'],
      'ice-server': ['stun:c.example', 'turn:$x?username=%24lower&credential=%245%24crypt'],
    });
  });

  test('takes values from the environment that may be missing, are of a type, or are a part of a text', () => {
    const config = {
      server: { port: '$$NOWHERE', secure: '$SECURE::boolean', key: 'k', cert: 'c', password: '$$NONE' },
      rooms: { maxClients: '$MOST::number' },
      stunservers: '$STUN::object',
      turnservers: [{ urls: '$TURN::array', username: '${USER_NAME}@${HOST}', credential: '$$SECRET' }],
      turnorigins: '$PAGES::array',
    };
    const environment = {
      SECURE: 'off',
      MOST: '3',
      STUN: '[{"urls":"stun:a.example"}]',
      TURN: 'turn:a.example,turn:b.example',
      USER_NAME: 'ana',
      HOST: 'h',
      SECRET: 'word',
      PAGES: 'https://a.example',
    };
    expect(translate(config, environment).options).toEqual({
      'max-participants': ['3'],
      'ice-server': [
        'stun:a.example',
        'turn:a.example?username=ana%40h&credential=word',
        'turn:b.example?username=ana%40h&credential=word',
      ],
      'turn-origin': ['https://a.example'],
      'allow-origin': ['https://a.example'],
    });
  });

  test('takes values from elsewhere in the file', () => {
    const config = {
      _host: '$HOST',
      _stun: [{ urls: 'stun:stun.example' }],
      stunservers: '${self._stun}',
      turnservers: [{ urls: 'turn:${self._host}:${self.server.port}', secret: 's' }],
      server: { port: 3000 },
    };
    expect(translate(config, { HOST: 'calls.example' }).options).toEqual({
      'signal-port': ['3000'],
      'ice-server': ['stun:stun.example', 'turn:calls.example:3000?secret=s&expiry=86400'],
    });
  });

  test('names every unknown key, and no comment', () => {
    const config = {
      sever: {},
      '// why': 1,
      rooms: { max: 3, _note: '' },
      turnservers: [{ urls: 'turn:a', secret: 's', ttl: 5 }],
    };
    expect(translate(config).notes).toEqual([
      'unknown turnservers[0].ttl',
      'unknown sever',
      'unknown rooms.max',
    ]);
  });

  test('does not change who it runs as, and says why', () => {
    expect(translate({ uid: 'nobody' }).notes).toEqual(['refused uid']);
    expect(translate({ uid: 1000 }).notes).toEqual(['refused uid']);
  });

  test('a comma too many is forgiven', () => {
    expect(translate('{ "server": { "port": 8889, }, }').options).toEqual({ 'signal-port': ['8889'] });
  });

  test.each([
    ['{\n  "server": {\n    "port": 8888\n', /^line 4, column 1: this is not JSON$/u],
    ['{\n  "turnservers": [}\n}', /^line 2, column \d+: this is not JSON$/u],
    ['[]', /^a JSON object is wanted/u],
    ['', /^a JSON object is wanted/u],
    [{ server: 8888 }, 'server: an object is wanted'],
    [{ server: { port: 'abc' } }, 'server.port: a whole number is wanted'],
    [{ server: { secure: true, cert: 'c' } }, /^server\.secure: .*key and cert/u],
    [{ turnservers: {} }, 'turnservers: a list of objects is wanted'],
    [{ turnservers: [{ secret: 's' }] }, /^turnservers\[0\]\.urls: an address is wanted/u],
    [{ turnservers: [{ urls: 'turn:a' }] }, /^turnservers\[0\]\.secret: secret is wanted/u],
    [{ stunservers: [{ urls: '$STUN' }] }, 'stunservers[0].urls: $STUN is not in the environment'],
    [{ stunservers: [{ urls: 'stun:${STUN}' }] }, 'stunservers[0].urls: $STUN is not in the environment'],
    [{ server: { port: '$HOME_PORT::number' } }, 'server.port: $HOME_PORT is not in the environment'],
    [{ server: { port: '$WORD::number' } }, 'server.port: $WORD cannot be read as number'],
    [{ turnorigins: '$WORD::array:boolean' }, 'turnorigins: $WORD cannot be read as array of boolean'],
    [{ stunservers: '$WORD::object' }, 'stunservers: $WORD cannot be read as object'],
    [{ stunservers: '$WORD::date' }, 'stunservers: $WORD cannot be read as date'],
    [
      { server: { key: '${self.rooms.__proto__}' }, rooms: {} },
      'server.key: the file has no rooms.__proto__',
    ],
    [{ turnorigins: [] }, /nobody would get a relay/u],
  ])('%j is refused, and where', (config, message) => {
    expect(() => translate(config, { WORD: 'word' })).toThrow(message);
  });
});
