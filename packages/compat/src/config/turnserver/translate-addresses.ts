import { isIP } from 'node:net';
import { TranslationError, type TranslatedOption } from '../translation.ts';
import type { Setting } from './parse-turnserver-conf.ts';
import { optionOfAll, placeOf, type Translate } from './turnserver-setting.ts';

/** The address that the internet knows, and the address of this machine that it stands for, where the file says. */
interface Mapping {
  readonly setting: Setting;
  readonly publicAddress: string;
  readonly local: string | undefined;
}

function checkAddress(setting: Setting, address: string): 4 | 6 {
  const family = isIP(address);
  if (family === 0) throw new TranslationError(`${placeOf(setting)}: an IP address is wanted`);
  return family === 4 ? 4 : 6;
}

function parseMapping(setting: Setting): Mapping {
  const [publicAddress = '', local, ...rest] = setting.value.split('/').map((part) => part.trim());
  const family = checkAddress(setting, publicAddress);
  if (local !== undefined && checkAddress(setting, local) !== family) {
    throw new TranslationError(`${placeOf(setting)}: the two addresses are of different families`);
  }
  if (rest.length > 0) throw new TranslationError(`${placeOf(setting)}: PUBLIC or PUBLIC/PRIVATE is wanted`);
  return { setting, publicAddress, local };
}

/** Listening, relaying and being known: by which addresses. The relay here has one address of each family. */
export const translateAddresses: Translate = ({ all, note }) => {
  const listening = all('listening-ip');
  for (const setting of listening) checkAddress(setting, setting.value);
  const relaying = all('relay-ip').map((setting) => ({
    setting,
    family: checkAddress(setting, setting.value),
  }));
  const mappings = all('external-ip').map(parseMapping);

  const locals: { readonly setting: Setting; readonly address: string }[] = [];
  const publics: Mapping[] = [];
  for (const family of [4, 6] as const) {
    const [first, ...others] = relaying.filter((one) => one.family === family);
    for (const { setting } of others) {
      note(
        setting,
        'refused',
        `one address of IPv${family} relays; it is the first, ${first?.setting.value}`,
      );
    }
    const candidates = mappings.filter(({ publicAddress }) => isIP(publicAddress) === family);
    const local = first?.setting.value;
    const chosen =
      candidates.find((mapping) => local !== undefined && mapping.local === local) ??
      candidates.find((mapping) => mapping.local === undefined || local === undefined);
    for (const { setting } of candidates.filter((mapping) => mapping !== chosen)) {
      note(setting, 'refused', 'it is not of the address that relays');
    }
    if (chosen !== undefined) publics.push(chosen);
    if (first !== undefined) locals.push({ setting: first.setting, address: first.setting.value });
    else if (chosen?.local !== undefined) locals.push({ setting: chosen.setting, address: chosen.local });
  }
  const options: TranslatedOption[] = [
    ...optionOfAll(listening, 'turn-listen', [...new Set(listening.map(({ value }) => value))]),
    ...optionOfAll(
      locals.map(({ setting }) => setting),
      'relay-address',
      locals.map(({ address }) => address),
    ),
    ...optionOfAll(
      publics.map(({ setting }) => setting),
      'public-address',
      publics.map(({ publicAddress }) => publicAddress),
    ),
  ];
  return options;
};
