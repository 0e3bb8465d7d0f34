import {
  TranslationError,
  type TranslatedOption,
  type Translation,
  type TranslationNote,
} from '../translation.ts';
import { parseSwitch, parseTurnserverConf, type Setting } from './parse-turnserver-conf.ts';
import { translateAddresses } from './translate-addresses.ts';
import { translatePeers } from './translate-peers.ts';
import { translateUsers } from './translate-users.ts';
import type { TurnserverKey } from './turnserver-key.ts';
import { turnserverKeys } from './turnserver-keys.ts';
import { optionOf, placeOf, type Settings, type Translate } from './turnserver-setting.ts';

const defaultTlsPort = '5349';
const [firstDynamicPort, lastPort] = ['49152', '65535'];
/** Every limit of ours has an end; this is as good as none. */
const noQuota = '1000000';

const translatePorts: Translate = ({ last, isOn }) => {
  const [plain, tls, cert, min, max] = [
    last('listening-port'),
    last('tls-listening-port'),
    last('cert'),
    last('min-port'),
    last('max-port'),
  ];
  const options: TranslatedOption[] = plain === undefined ? [] : [optionOf(plain, 'turn-port')];
  if (!isOn('no-tls')) {
    if (tls !== undefined && tls.value !== plain?.value) options.push(optionOf(tls, 'turn-tls-port'));
    else if (tls === undefined && cert !== undefined && last('pkey') !== undefined) {
      options.push(optionOf(cert, 'turn-tls-port', defaultTlsPort));
    }
  }
  const range = min ?? max;
  if (range !== undefined) {
    const text = `${min?.value ?? firstDynamicPort}-${max?.value ?? lastPort}`;
    options.push(optionOf(range, 'relay-ports', text));
  }
  return options;
};

const translateTransports: Translate = ({ last, isOn }) => {
  const transports = ['udp', 'tcp', 'tls'];
  const off = transports.filter((name) => isOn(`no-${name}`));
  const [first] = off;
  const setting = first === undefined ? undefined : last(`no-${first}`);
  if (setting === undefined) return [];
  const left = transports.filter((name) => !off.includes(name));
  if (left.length === 0) {
    throw new TranslationError(`${placeOf(setting)}: without UDP, TCP and TLS nobody reaches the relay`);
  }
  return [optionOf(setting, 'turn-transports', left.join(','))];
};

const translateLimits: Translate = ({ last }) => {
  const options: TranslatedOption[] = [];
  for (const [key, option] of [
    ['user-quota', 'user-allocations'],
    ['total-quota', 'max-allocations'],
  ] as const) {
    const setting = last(key);
    if (setting !== undefined)
      options.push(optionOf(setting, option, /^0+$/u.test(setting.value) ? noQuota : setting.value));
  }
  const rate = last('max-bps');
  if (rate !== undefined)
    options.push(optionOf(rate, 'session-rate', /^0+$/u.test(rate.value) ? 'off' : rate.value));
  return options;
};

const translateCertificate: Translate = ({ last }) =>
  (
    [
      ['cert', 'cert', true],
      ['pkey', 'key', true],
      ['pkey-pwd', 'key-passphrase', false],
    ] as const
  ).flatMap(([key, option, namesFile]) => {
    const setting = last(key);
    if (setting === undefined) return [];
    return [
      namesFile ? { ...optionOf(setting, option), namesFile: true as const } : optionOf(setting, option),
    ];
  });

const translateLog: Translate = ({ last, isOn, note }) => {
  const options: TranslatedOption[] = [];
  const verbose = ['verbose', 'Verbose'].filter(isOn).map(last)[0];
  if (verbose !== undefined) options.push(optionOf(verbose, 'log-level', 'debug'));
  const file = last('log-file');
  if (file !== undefined && ['stdout', '-', 'syslog'].includes(file.value)) {
    note(file, 'ignored', 'reports go to stderr, from where systemd takes them');
  } else if (file !== undefined) {
    options.push(optionOf(file, 'log-file'));
  }
  return options;
};

const translators: readonly Translate[] = [
  translatePorts,
  translateAddresses,
  translateTransports,
  translateUsers,
  translatePeers,
  translateLimits,
  translateCertificate,
  translateLog,
];

/** Values in which `#` may stand behind a blank without beginning a comment. */
const verbatimKeys = new Set(['user', 'static-auth-secret', 'pkey-pwd', 'cli-password', 'realm']);

/** People write comments behind values. They count as part of it in coturn, which then takes only numbers for what they are. */
function withoutComment(setting: Setting): Setting {
  if (verbatimKeys.has(setting.key)) return setting;
  return { ...setting, value: setting.value.replace(/\s+#.*$/u, '') };
}

/** What becomes of a line whose key has no option of ours. */
function noteOn(setting: Setting, entry: TurnserverKey | undefined): TranslationNote | undefined {
  const place = placeOf(setting);
  if (entry === undefined) return { place, kind: 'unknown', text: 'no key that Callbox or coturn 4 knows' };
  if (entry.harmless.includes(setting.value)) return undefined;
  if (entry.fate === 'stops') throw new TranslationError(`${place}: ${entry.words}`);
  return entry.fate === 'ignored' || entry.fate === 'refused'
    ? { place, kind: entry.fate, text: entry.words }
    : undefined;
}

/** Refuses a key without the value it needs; true for a switch that is off. */
function isOff(setting: Setting, entry: TurnserverKey): boolean {
  const place = placeOf(setting);
  if (!entry.isSwitch) {
    if (setting.value === '' && entry.fate === 'mapped')
      throw new TranslationError(`${place}: a value is wanted`);
    return false;
  }
  const state = parseSwitch(setting.value);
  if (state === undefined) throw new TranslationError(`${place}: on or off is wanted`);
  return !state;
}

/**
 * Says in Callbox's terms what a `turnserver.conf` asks for.
 *
 * @throws TranslationError naming the line, where the file is malformed or cannot be honoured safely.
 */
export function translateTurnserverConf(text: string): Translation {
  const notes: TranslationNote[] = [];
  const mapped = new Map<string, Setting[]>();
  for (const written of parseTurnserverConf(text)) {
    const setting = withoutComment(written);
    const entry = turnserverKeys.get(setting.key);
    if (entry !== undefined && isOff(setting, entry)) {
      // The last word counts: a switch that was on is off again.
      mapped.delete(setting.key);
      continue;
    }
    const note = noteOn(setting, entry);
    if (note !== undefined) notes.push(note);
    mapped.set(setting.key, [...(mapped.get(setting.key) ?? []), setting]);
  }
  const settings: Settings = {
    all: (key) => mapped.get(key) ?? [],
    last: (key) => mapped.get(key)?.at(-1),
    isOn: (key) => mapped.has(key),
    note: (setting, kind, words) => void notes.push({ place: placeOf(setting), kind, text: words }),
  };
  const options = translators.flatMap((translate) => translate(settings));
  return { options, notes };
}
