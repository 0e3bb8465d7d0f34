import { TranslationError, type TranslatedOption } from '../translation.ts';
import type { Setting } from './parse-turnserver-conf.ts';
import { optionOf, optionOfAll, placeOf, type Settings, type Translate } from './turnserver-setting.ts';

/** A key of turnadmin in place of a password. */
const keyPattern = /^0x[0-9a-f]{32}$/iu;

interface User {
  readonly setting: Setting;
  readonly name: string;
  readonly password: string;
}

function parseUser(setting: Setting): User {
  const colon = setting.value.indexOf(':');
  const [name, password] = [setting.value.slice(0, Math.max(colon, 0)), setting.value.slice(colon + 1)];
  if (name === '' || password === '')
    throw new TranslationError(`${placeOf(setting)}: NAME:PASSWORD is wanted`);
  return { setting, name, password };
}

function translatePasswords(users: readonly User[], realm: Setting | undefined): readonly TranslatedOption[] {
  // The last line about a user counts.
  const known = [...new Map(users.map((user) => [user.name, user])).values()];
  const isKeyed = ({ password }: User): boolean => password.startsWith('0x');
  const [keyed, plain] = [known.filter(isKeyed), known.filter((user) => !isKeyed(user))];
  for (const { setting, password } of keyed) {
    if (!keyPattern.test(password))
      throw new TranslationError(`${placeOf(setting)}: a key is 0x and 32 hexadecimal digits`);
  }
  const [firstKeyed] = keyed;
  if (firstKeyed !== undefined && realm === undefined) {
    throw new TranslationError(
      `${placeOf(firstKeyed.setting)}: a key holds for one realm: the file names none`,
    );
  }
  return [
    ...optionOfAll(
      plain.map(({ setting }) => setting),
      'turn-user',
      plain.map(({ name, password }) => `${name}:${password}`),
    ),
    ...optionOfAll(
      keyed.map(({ setting }) => setting),
      'turn-user-key',
      keyed.map(({ name, password }) => `${name}:${password.slice(2).toLowerCase()}`),
    ),
  ];
}

/** Says what is not done of a file that wants a secret. */
function noteSecret({ all, last, isOn, note }: Settings): void {
  const secretSwitch = last('use-auth-secret');
  if (isOn('use-auth-secret') && secretSwitch !== undefined && all('static-auth-secret').length === 0) {
    note(
      secretSwitch,
      'refused',
      'the secret would be in a database, and Callbox reads none: give it with static-auth-secret',
    );
  }
  for (const setting of all('user')) {
    note(
      setting,
      'ignored',
      'where there is a secret coturn lets in nobody by user; turn-user lets one in here',
    );
  }
}

/** Static users, secrets of time-limited credentials, and the realm. */
export const translateUsers: Translate = (settings) => {
  const { all, last, isOn } = settings;
  const realm = last('realm');
  const users = all('user').map(parseUser);
  const secrets = all('static-auth-secret');
  const [firstSecret] = secrets;
  const isBySecret = firstSecret !== undefined || isOn('use-auth-secret');
  if (isBySecret) noteSecret(settings);
  return [
    ...(realm === undefined ? [] : [optionOf(realm, 'realm')]),
    ...(isBySecret ? [] : translatePasswords(users, realm)),
    ...optionOfAll(secrets, 'turn-secret', [...new Set(secrets.map(({ value }) => value))]),
    // Who else signs credentials with it reaches whom they reached before.
    ...(firstSecret === undefined ? [] : [optionOf(firstSecret, 'relay-peers', 'participants-and-services')]),
  ];
};
