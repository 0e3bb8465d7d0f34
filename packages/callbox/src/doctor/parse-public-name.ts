import { isIP } from 'node:net';
import { ConfigError } from '../config/config-error.ts';
import type { PublicName } from './facts.ts';

/** Reads `--url`: an address as a guest opens it, or a name alone. Throws a `ConfigError`. */
export function parsePublicName(text: string): PublicName {
  const whole = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(whole)) {
    throw new ConfigError(
      `--url ${JSON.stringify(text)}: an address is wanted, such as https://calls.example`,
    );
  }
  const url = new URL(whole);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = url.protocol === 'https:';
  return {
    url: `${url.origin}${url.pathname}`.replace(/\/+$/, ''),
    host,
    isAddress: isIP(host) !== 0,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    secure,
  };
}
