import type { Parsed } from '@callbox/contract';
import { integerBetween } from './value-types.ts';
import type { ValueType } from './value-type.ts';

/** How clients may come to the relay's own ports. */
export const relayTransports = ['udp', 'tcp', 'tls'] as const;
export type RelayTransport = (typeof relayTransports)[number];

export const relayTransportList: ValueType<readonly RelayTransport[]> = {
  placeholder: 'LIST',
  parse: (text) => {
    const names = text.split(',').map((part) => part.trim());
    const known = relayTransports.filter((transport) => names.includes(transport));
    return names.length > 0 && names.every((name) => relayTransports.some((transport) => transport === name))
      ? { ok: true, value: known }
      : { ok: false, reason: `some of ${relayTransports.join(', ')} are wanted, separated by commas` };
  },
};

/** A port, or undefined for none. */
export const portOrNone: ValueType<number | undefined> = {
  placeholder: 'NUMBER',
  parse: (text) => {
    if (text === 'off') return { ok: true, value: undefined };
    const parsed = integerBetween(1, 65_535, 'a port').parse(text);
    return parsed.ok ? parsed : { ok: false, reason: `${parsed.reason}, or off` };
  },
};

/** A user by a key in place of a password: MD5 over name, realm and password with colons between (RFC 8489 §9.2.2). */
export interface UserKey {
  readonly name: string;
  readonly key: Uint8Array;
}

export const userKey: ValueType<UserKey> = {
  placeholder: 'NAME:KEY',
  parse: (text) => {
    const { name, key } = /^(?<name>[^:]+):(?<key>[0-9a-f]{32})$/i.exec(text)?.groups ?? {};
    return name === undefined || key === undefined
      ? { ok: false, reason: 'a user is written NAME:KEY, with 32 hexadecimal digits as key' }
      : { ok: true, value: { name, key: Buffer.from(key, 'hex') } };
  },
};

/** A STUN or TURN server that is none of ours, as guests are told of it. */
export interface ForeignIceServer {
  /** As browsers take it (RFC 7064, RFC 7065). */
  readonly url: string;
  /** Undefined for STUN, which needs none. */
  readonly credentials:
    | { readonly kind: 'static'; readonly username: string; readonly credential: string }
    | { readonly kind: 'secret'; readonly secret: string; readonly lifetimeSeconds: number }
    | undefined;
}

const addressPattern = /^(?:stun|turns?):(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i;
const parameterNames: ReadonlySet<string> = new Set([
  'transport',
  'username',
  'credential',
  'secret',
  'expiry',
]);
/** Half a day, as for the relay here. */
const defaultLifetimeSeconds = 12 * 60 * 60;
const expirySeconds = integerBetween(10, 31_536_000, 'expiry, in seconds,');

function readCredentials(parameters: URLSearchParams): Parsed<ForeignIceServer['credentials']> {
  const [username, credential] = [parameters.get('username'), parameters.get('credential')];
  const [secret, expiry] = [parameters.get('secret'), parameters.get('expiry')];
  if (secret !== null && secret !== '' && username === null && credential === null) {
    const lifetime = expirySeconds.parse(expiry ?? String(defaultLifetimeSeconds));
    return lifetime.ok
      ? { ok: true, value: { kind: 'secret', secret, lifetimeSeconds: lifetime.value } }
      : lifetime;
  }
  if (username !== null && username !== '' && credential !== null && credential !== '' && secret === null) {
    return { ok: true, value: { kind: 'static', username, credential } };
  }
  return { ok: false, reason: 'a relay wants username and credential, or secret' };
}

/** `turn:relay.example:3478?transport=udp&username=ana&credential=…`; what is no letter or digit is percent-encoded. */
export const foreignIceServer: ValueType<ForeignIceServer> = {
  placeholder: 'URL',
  parse: (text) => {
    const [address = '', query = '', ...rest] = text.split('?');
    const parameters = new URLSearchParams(query);
    const transport = parameters.get('transport');
    const isKnown = [...parameters.keys()].every((name) => parameterNames.has(name));
    const isTransport = transport === null || transport === 'udp' || transport === 'tcp';
    if (!addressPattern.test(address) || rest.length > 0 || !isKnown || !isTransport) {
      const example = 'turn:relay.example:3478?transport=udp&username=ana&credential=word';
      return { ok: false, reason: `a STUN or TURN address is wanted, such as ${example}` };
    }
    const url = transport === null ? address : `${address}?transport=${transport}`;
    if (/^stun:/i.test(address)) return { ok: true, value: { url, credentials: undefined } };
    const credentials = readCredentials(parameters);
    return credentials.ok ? { ok: true, value: { url, credentials: credentials.value } } : credentials;
  },
};
