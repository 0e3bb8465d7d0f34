import { TranslationError } from '../translation.ts';
import { optionOf, optionOfAll, placeOf, type Translate } from './turnserver-setting.ts';

/** A key of turnadmin in place of a password. */
const keyPattern = /^0x[0-9a-f]{32}$/iu;

/** Static users, secrets of time-limited credentials, and the realm. */
export const translateUsers: Translate = ({ all, last, isOn, note }) => {
  const users = all('user').map((setting) => {
    const colon = setting.value.indexOf(':');
    const [name, password] = [setting.value.slice(0, Math.max(colon, 0)), setting.value.slice(colon + 1)];
    if (name === '' || password === '')
      throw new TranslationError(`${placeOf(setting)}: NAME:PASSWORD is wanted`);
    return { setting, name, password, isKey: password.startsWith('0x') };
  });
  // The last line about a user counts.
  const known = [...new Map(users.map((user) => [user.name, user])).values()];
  const [keyed, plain] = [known.filter(({ isKey }) => isKey), known.filter(({ isKey }) => !isKey)];
  for (const { setting, password } of keyed) {
    if (!keyPattern.test(password))
      throw new TranslationError(`${placeOf(setting)}: a key is 0x and 32 hexadecimal digits`);
  }
  const realm = last('realm');
  const [firstKeyed] = keyed;
  if (firstKeyed !== undefined && realm === undefined) {
    throw new TranslationError(
      `${placeOf(firstKeyed.setting)}: a key holds for one realm: the file names none`,
    );
  }
  const secrets = all('static-auth-secret');
  const [firstSecret] = secrets;
  const secretSwitch = last('use-auth-secret');
  if (isOn('use-auth-secret') && secretSwitch !== undefined && firstSecret === undefined) {
    note(
      secretSwitch,
      'refused',
      'the secret would be in a database, and Callbox reads none: give it with static-auth-secret',
    );
  }
  return [
    ...(realm === undefined ? [] : [optionOf(realm, 'realm')]),
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
    ...optionOfAll(secrets, 'turn-secret', [...new Set(secrets.map(({ value }) => value))]),
    // Who else signs credentials with it reaches whom they reached before.
    ...(firstSecret === undefined ? [] : [optionOf(firstSecret, 'relay-peers', 'participants-and-services')]),
  ];
};
