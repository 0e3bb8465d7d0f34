import { TranslationError } from '../translation.ts';
import { listBlocks, parseAddressRange, subtractRanges, type AddressRange } from './address-range.ts';
import type { Setting } from './parse-turnserver-conf.ts';
import { optionOfAll, placeOf, type Translate } from './turnserver-setting.ts';

const loopback = ['127.0.0.0/8', '::1/128'];

function readRange(setting: Setting): AddressRange {
  const parsed = parseAddressRange(setting.value);
  if (!parsed.ok) throw new TranslationError(`${placeOf(setting)}: ${parsed.reason}`);
  return parsed.value;
}

/** Ranges as blocks. What is allowed wins over what is denied: it is cut out, for here the narrower block would win. */
export const translatePeers: Translate = ({ all, last }) => {
  const [allowedLines, deniedLines] = [all('allowed-peer-ip'), all('denied-peer-ip')];
  const allowed = allowedLines.map(readRange);
  const denied = subtractRanges(deniedLines.map(readRange), allowed);
  const loopbackLine = last('allow-loopback-peers');
  return [
    ...optionOfAll([...allowedLines, ...(loopbackLine === undefined ? [] : [loopbackLine])], 'allow-peer', [
      ...new Set(allowed.flatMap(listBlocks)),
      ...(loopbackLine === undefined ? [] : loopback),
    ]),
    ...optionOfAll(deniedLines, 'deny-peer', [...new Set(denied.flatMap(listBlocks))]),
  ];
};
