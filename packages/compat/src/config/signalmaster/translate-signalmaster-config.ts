import type { TranslatedOption, Translation, TranslationNote } from '../translation.ts';
import { TranslationError } from '../translation.ts';
import { expandReferences, type Environment } from './expand-references.ts';
import { JsonReader } from './json-reader.ts';
import { isJsonObject, parseSignalmasterConfig } from './parse-signalmaster-config.ts';

/** The most that a room holds here; signalmaster writes no limit as 0. */
const mostParticipants = '100';
/** As long as its sample says; signalmaster itself has no default. */
const defaultExpirySeconds = 86_400;

function translateServer(
  server: JsonReader,
  environment: Environment,
  notes: TranslationNote[],
): readonly TranslatedOption[] {
  const options: TranslatedOption[] = [];
  const port = server.number('port');
  const fromEnvironment = environment['PORT'];
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    options.push({ key: 'signal-port', texts: [fromEnvironment], place: 'PORT' });
  } else if (port !== undefined) {
    options.push({ key: 'signal-port', texts: [String(port)], place: server.placeOf('port') });
  }
  const isSecure = server.flag('secure') === true;
  const [key, cert, password] = [server.text('key'), server.text('cert'), server.text('password')];
  if (!isSecure) {
    if (key !== undefined || cert !== undefined) {
      notes.push({
        place: server.placeOf('secure'),
        kind: 'ignored',
        text: 'it is false, so key and cert are left alone; the port speaks HTTPS in any case, with the certificate of this server',
      });
    }
    return options;
  }
  if (key === undefined || cert === undefined)
    throw new TranslationError(`${server.placeOf('secure')}: it is true and wants key and cert`);
  return [
    ...options,
    { key: 'cert', texts: [cert], place: server.placeOf('cert'), namesFile: true },
    { key: 'key', texts: [key], place: server.placeOf('key'), namesFile: true },
    ...(password === undefined || password === ''
      ? []
      : [{ key: 'key-passphrase', texts: [password], place: server.placeOf('password') }]),
  ];
}

function translateRooms(rooms: JsonReader, notes: TranslationNote[]): readonly TranslatedOption[] {
  const most = rooms.number('maxClients');
  if (most === undefined) return [];
  const place = rooms.placeOf('maxClients');
  if (most > 0) return [{ key: 'max-participants', texts: [String(most)], place }];
  notes.push({ place, kind: 'changed', text: `no limit is ${mostParticipants} here` });
  return [{ key: 'max-participants', texts: [mostParticipants], place }];
}

/** The addresses of one entry, as browsers would take them. */
function readUrls(entry: JsonReader): readonly string[] {
  const [urls, url] = [entry.texts('urls'), entry.texts('url')];
  const all = urls ?? url;
  if (all === undefined || all.length === 0)
    throw new TranslationError(`${entry.placeOf('urls')}: an address is wanted, or a list of them`);
  return all;
}

/** Adds to the address what its credentials are, in the form of the option `ice-server`. */
function withParameters(url: string, parameters: Readonly<Record<string, string>>): string {
  const words = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${url}${url.includes('?') ? '&' : '?'}${words.join('&')}`;
}

function readTurnServer(entry: JsonReader): readonly string[] {
  const urls = readUrls(entry);
  const [secret, expiry] = [entry.text('secret'), entry.number('expiry')];
  const [username, credential] = [entry.text('username'), entry.text('credential')];
  if (secret !== undefined && secret !== '') {
    const lifetime = String(expiry ?? defaultExpirySeconds);
    return urls.map((url) => withParameters(url, { secret, expiry: lifetime }));
  }
  if (username === undefined || credential === undefined)
    throw new TranslationError(
      `${entry.placeOf('secret')}: secret is wanted, or username and credential instead`,
    );
  return urls.map((url) => withParameters(url, { username, credential }));
}

function translateIceServers(config: JsonReader, notes: TranslationNote[]): readonly TranslatedOption[] {
  const [stun, turn] = [config.objects('stunservers'), config.objects('turnservers')];
  const texts = [...stun.flatMap(readUrls), ...turn.flatMap(readTurnServer)];
  for (const entry of [...stun, ...turn]) notes.push(...entry.unknownKeys());
  if (texts.length === 0) return [];
  const place = config.placeOf(stun.length > 0 ? 'stunservers' : 'turnservers');
  return [{ key: 'ice-server', texts, place }];
}

/** Pages that get relays are pages that may use the signaling. */
function translateOrigins(config: JsonReader): readonly TranslatedOption[] {
  const origins = config.texts('turnorigins');
  const place = config.placeOf('turnorigins');
  if (origins?.length === 0)
    throw new TranslationError(`${place}: it names no page, so nobody would get a relay`);
  return origins === undefined
    ? []
    : [
        { key: 'turn-origin', texts: origins, place },
        { key: 'allow-origin', texts: origins, place },
      ];
}

/**
 * Says in Callbox's terms what a configuration file of signalmaster asks for.
 *
 * @throws TranslationError naming the key, or line and column, where the file is malformed.
 */
export function translateSignalmasterConfig(text: string, environment: Environment): Translation {
  const parsed = expandReferences(parseSignalmasterConfig(text), environment);
  const config = new JsonReader(isJsonObject(parsed) ? parsed : {});
  const notes: TranslationNote[] = [];
  // Read by the loader of its files, and of no consequence here.
  config.has('isDev');
  const [server, rooms] = [config.object('server'), config.object('rooms')];
  const options = [
    ...(server === undefined ? [] : translateServer(server, environment, notes)),
    ...(rooms === undefined ? [] : translateRooms(rooms, notes)),
    ...translateIceServers(config, notes),
    ...translateOrigins(config),
  ];
  if (config.has('uid')) {
    notes.push({
      place: 'uid',
      kind: 'refused',
      text: 'who it runs as has to read its secrets and certificates later too: start it as that user',
    });
  }
  for (const reader of [config, server, rooms]) notes.push(...(reader?.unknownKeys() ?? []));
  return { options, notes };
}
