import { readFileSync } from 'node:fs';
import { isIP, isIPv6 } from 'node:net';
import { resolve } from 'node:path';
import { domainToASCII } from 'node:url';
import { parseCidr } from '@callbox/turn';
import type { Parsed } from '@callbox/contract';
import { logLevels, type LogLevel } from '../log/log-level.ts';
import { parseHost } from '../network/host.ts';
import { findClosestName } from './find-closest-name.ts';
import { roles, type Role } from './role.ts';
import type { ValueType } from './value-type.ts';

/** Ports of relayed addresses, both ends included. */
export interface PortRange {
  readonly min: number;
  readonly max: number;
}

/** A user that TURN knows by name (RFC 8489 §9.2). */
export interface StaticUser {
  readonly name: string;
  readonly password: string;
}

function accept<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

function refuse(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}

function parseInteger(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** A whole number within bounds, both included. */
export function integerBetween(min: number, max: number, what: string): ValueType<number> {
  return {
    placeholder: 'NUMBER',
    parse: (text) => {
      const value = parseInteger(text);
      if (value === undefined || value < min || value > max) {
        return refuse(`${what} is a whole number from ${min} to ${max}`);
      }
      return accept(value);
    },
  };
}

const octetUnits: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ...['k', 'm', 'g', 't'].flatMap((letter, index) => [
    [`${letter}b`, 1_000 ** (index + 1)] as const,
    [`${letter}ib`, 1_024 ** (index + 1)] as const,
  ]),
]);

/** An amount of octets, such as `500GB` or `1.5 TiB`, above zero; `off` stands for none. */
export const octetsOrOff: ValueType<number | undefined> = {
  placeholder: 'AMOUNT',
  parse: (text) => {
    if (text === 'off') return accept(undefined);
    const { amount = '', unit = '' } =
      /^(?<amount>\d{1,9}(?:\.\d{1,3})?) ?(?<unit>[a-z]*)$/i.exec(text)?.groups ?? {};
    const octets = Number(amount) * (octetUnits.get(unit.toLowerCase()) ?? Number.NaN);
    return octets >= 1
      ? accept(Math.floor(octets))
      : refuse('an amount is wanted, such as 500GB, 1.5TB or 800MiB');
  },
};

/** A TCP or UDP port; 0 lets the system choose one. */
export const portOrAny: ValueType<number> = integerBetween(0, 65_535, 'a port');
export const port: ValueType<number> = integerBetween(1, 65_535, 'a port');

/** A TCP port, or undefined for none. */
export const portOrOff: ValueType<number | undefined> = {
  placeholder: 'NUMBER',
  parse: (text) => {
    if (text === 'off') return accept(undefined);
    const parsed = portOrAny.parse(text);
    return parsed.ok ? parsed : refuse(`${parsed.reason}, or off`);
  },
};

/** Below 1024 are the ports of well-known services, whose packets nobody shall be able to forge (RFC 8656 §7.2). */
export const portRange: ValueType<PortRange> = {
  placeholder: 'FIRST-LAST',
  parse: (text) => {
    const [first = '', last = '', ...rest] = text.split('-');
    const min = parseInteger(first.trim());
    const max = parseInteger(last.trim());
    if (min === undefined || max === undefined || rest.length > 0 || min < 1024 || max > 65_535) {
      return refuse('a range of ports is written FIRST-LAST, such as 61000-65535, within 1024 to 65535');
    }
    if (min > max) return refuse(`the range is the wrong way round: ${min} is above ${max}`);
    return accept({ min, max });
  },
};

export const ipAddress: ValueType<string> = {
  placeholder: 'ADDRESS',
  parse: (text) => {
    const address = text.replace(/^\[(.*)\]$/, '$1');
    return isIP(address) === 0
      ? refuse('an IP address is wanted, such as 192.0.2.7 or 2001:db8::7')
      : accept(address);
  },
};

/** An address that others can send to: neither a wildcard nor a range. */
export const reachableAddress: ValueType<string> = {
  placeholder: 'ADDRESS',
  parse: (text) => {
    const parsed = ipAddress.parse(text);
    if (!parsed.ok) return parsed;
    const isWildcard = parsed.value === '0.0.0.0' || /^[0:]+$/.test(parsed.value);
    return isWildcard ? refuse('a wildcard is not an address that anybody can reach') : parsed;
  },
};

/** What somebody else has named a key. */
export const keyName: ValueType<string> = {
  placeholder: 'NAME',
  parse: (text) =>
    /^[\x21-\x7e]{1,256}$/.test(text) ? accept(text) : refuse('a name of a key has no spaces in it'),
};

/** Less is no secret. RFC 7518 §3.2 wants 32, which not every authority keeps to. */
const minKeyOctets = 16;

/** A symmetric key (RFC 4648 §5). Some write it with the padding that it does not need. */
export const base64urlKey: ValueType<Uint8Array> = {
  placeholder: 'KEY',
  parse: (text) => {
    const octets = Uint8Array.from(Buffer.from(text, 'base64url'));
    return /^[\w-]+={0,2}$/.test(text) && octets.length >= minKeyOctets
      ? accept(octets)
      : refuse(`a key is at least ${minKeyOctets} octets in base64url`);
  },
};

/** A name or an IP address, as it stands in a URL but without brackets. */
export const hostName: ValueType<string> = {
  placeholder: 'HOST',
  parse: (text) => {
    const host = parseHost(isIPv6(text) ? `[${text}]` : text);
    return host === undefined || host.port !== undefined
      ? refuse('a name or an address is wanted and nothing else, such as relay.example')
      : accept(host.name);
  },
};

/** The ports that a proxy may speak to, by the options that choose them. */
const portNames = { port: 'port', 'signal-port': 'signalPort', 'turn-port': 'turnPort' } as const;
export type PortName = (typeof portNames)[keyof typeof portNames];

export const portName: ValueType<PortName> = {
  placeholder: 'PORT',
  parse: (text) => {
    const known = Object.entries(portNames).find(([key]) => key === text);
    return known === undefined
      ? refuse(`one of ${Object.keys(portNames).join(', ')} is wanted`)
      : accept(known[1]);
  },
};

/** The headers in which a proxy tells of its clients. */
export type ForwardedHeader = 'x-forwarded' | 'forwarded';

export const forwardedHeader: ValueType<ForwardedHeader> = {
  placeholder: 'NAME',
  parse: (text) =>
    text === 'x-forwarded' || text === 'forwarded'
      ? accept(text)
      : refuse('x-forwarded or forwarded is wanted'),
};

/** A path that begins and ends with a slash; segments are of the characters that no encoding changes (RFC 3986 §2.3). */
export const basePath: ValueType<string> = {
  placeholder: 'PATH',
  parse: (text) => {
    const segments = text.split('/').filter((segment) => segment !== '');
    const isPlain = segments.every((segment) => /^[\w.~-]+$/.test(segment) && !/^\.+$/.test(segment));
    return isPlain
      ? accept(['', ...segments, ''].join('/'))
      : refuse('a path of letters, digits, - . _ ~ and slashes is wanted, such as /calls/');
  },
};

export const cidr: ValueType<string> = {
  placeholder: 'CIDR',
  parse: (text) => {
    const parsed = parseCidr(text);
    return parsed.ok
      ? accept(text)
      : refuse(`a block of addresses is wanted, such as 10.0.0.0/8 (${parsed.reason})`);
  },
};

export const roleList: ValueType<readonly Role[]> = {
  placeholder: 'LIST',
  parse: (text) => {
    const chosen: Role[] = [];
    for (const name of text.split(',').map((part) => part.trim())) {
      const role = roles.find((candidate) => candidate === name);
      if (role === undefined) {
        const closest = findClosestName(name, roles);
        const hint = closest === undefined ? '' : `; did you mean ${closest}?`;
        return refuse(`unknown role "${name}", the roles are ${roles.join(', ')}${hint}`);
      }
      if (!chosen.includes(role)) chosen.push(role);
    }
    return accept(chosen);
  },
};

export const logLevel: ValueType<LogLevel> = {
  placeholder: 'LEVEL',
  parse: (text) => {
    const level = logLevels.find((candidate) => candidate === text);
    return level === undefined ? refuse(`the levels are ${logLevels.join(', ')}`) : accept(level);
  },
};

export const staticUser: ValueType<StaticUser> = {
  placeholder: 'NAME:PASSWORD',
  parse: (text) => {
    const colon = text.indexOf(':');
    if (colon === -1) return refuse('a user is written NAME:PASSWORD');
    const name = text.slice(0, colon);
    const password = text.slice(colon + 1);
    if (name === '') return refuse('the name before the colon is empty');
    if (password === '') return refuse('the password after the colon is empty');
    return accept({ name, password });
  },
};

/** Whom guests may reach through the relay. */
export const relayPeers = ['participants', 'participants-and-services', 'public'] as const;
export type RelayPeers = (typeof relayPeers)[number];

export const relayPeersWord: ValueType<RelayPeers> = {
  placeholder: 'WHO',
  parse: (text) => {
    const peers = relayPeers.find((candidate) => candidate === text);
    return peers === undefined ? refuse(`one of ${relayPeers.join(', ')} is wanted`) : accept(peers);
  },
};

export const relayPlanes = ['auto', 'linux', 'dgram'] as const;
export type RelayPlane = (typeof relayPlanes)[number];

export const relayPlaneWord: ValueType<RelayPlane> = {
  placeholder: 'PLANE',
  parse: (text) => {
    const plane = relayPlanes.find((candidate) => candidate === text);
    return plane === undefined ? refuse(`one of ${relayPlanes.join(', ')} is wanted`) : accept(plane);
  },
};

/** How many processes carry the packets of the relay; `auto` is as many as the load asks for. */
export const relayWorkers: ValueType<number | 'auto'> = {
  placeholder: 'NUMBER',
  parse: (text) => {
    if (text === 'auto') return accept('auto');
    const parsed = integerBetween(1, 64, 'the number of processes').parse(text);
    return parsed.ok ? parsed : refuse(`${parsed.reason}, or auto`);
  },
};

export const secret: ValueType<string> = {
  placeholder: 'SECRET',
  parse: (text) => (text === '' ? refuse('a secret may not be empty') : accept(text)),
};

/** RFC 8489 §14.9: a realm has fewer than 128 characters. */
export const realm: ValueType<string> = {
  placeholder: 'NAME',
  parse: (text) => {
    if (text.length === 0 || text.length > 127) return refuse('a realm has 1 to 127 characters');
    return accept(text);
  },
};

function parseHttpOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isBare =
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    url.password === '';
  return isBare && (url.protocol === 'http:' || url.protocol === 'https:') ? url.origin : undefined;
}

/** Scheme, host and port of an HTTP server, as browsers write an origin (RFC 6454 §6.1). */
export const httpOrigin: ValueType<string> = {
  placeholder: 'ORIGIN',
  parse: (text) => {
    const origin = parseHttpOrigin(text);
    return origin === undefined
      ? refuse('scheme, host and port are wanted and nothing after them, such as https://calls.example:8888')
      : accept(origin);
  },
};

/** RFC 8555 §6.1: a certificate authority is spoken to over HTTPS only. */
export const httpsUrl: ValueType<string> = {
  placeholder: 'URL',
  parse: (text) =>
    URL.canParse(text) && new URL(text).protocol === 'https:'
      ? accept(new URL(text).href)
      : refuse('an address that begins with https:// is wanted'),
};

const labelPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A name that the DNS of the internet may know (RFC 1123 §2.1), in lower case; letters of other scripts as RFC 5891 writes them. */
export const domainName: ValueType<string> = {
  placeholder: 'NAME',
  parse: (text) => {
    const name = domainToASCII(text.replace(/\.$/, '')).toLowerCase();
    const labels = name.split('.');
    const isName =
      labels.length > 1 && name.length <= 253 && labels.every((label) => labelPattern.test(label));
    return isName && isIP(name) === 0
      ? accept(name)
      : refuse('a whole name is wanted and nothing else, such as calls.example');
  },
};

export const emailAddress: ValueType<string> = {
  placeholder: 'ADDRESS',
  parse: (text) =>
    /^[^\s@,?&]+@[^\s@,?&]+$/.test(text)
      ? accept(text)
      : refuse('one address is wanted, such as admin@calls.example'),
};

/** Where a whole server is: an origin, or a path below one, which then ends with a slash. */
export const httpBase: ValueType<string> = {
  placeholder: 'URL',
  parse: (text) => {
    const origin = URL.canParse(text) ? parseHttpOrigin(new URL('/', text).href) : undefined;
    const url = origin === undefined ? undefined : new URL(text);
    const path = url === undefined ? undefined : basePath.parse(url.pathname);
    const isBare = url?.search === '' && url.hash === '' && url.username === '' && url.password === '';
    if (origin === undefined || path?.ok !== true || !isBare) {
      return refuse('scheme, host, port and a path at most are wanted, such as https://calls.example:8888');
    }
    return accept(path.value === '/' ? origin : `${origin}${path.value}`);
  },
};

export const originPattern: ValueType<string> = {
  placeholder: 'ORIGIN',
  parse: (text) => (text === '*' ? accept(text) : httpOrigin.parse(text)),
};

/** RFC 7064 and RFC 7065. */
const iceUrlPattern =
  /^(?:stun|turns?):(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?(?:\?transport=(?:udp|tcp))?$/i;

export const iceUrl: ValueType<string> = {
  placeholder: 'URL',
  parse: (text) =>
    iceUrlPattern.test(text)
      ? accept(text)
      : refuse('a TURN address is wanted, such as turn:relay.example:3478?transport=udp'),
};

export const path: ValueType<string> = {
  placeholder: 'PATH',
  parse: (text) => (text === '' ? refuse('a path is wanted') : accept(resolve(text))),
};

/** A file that can be read now, so that a wrong path is found before anything listens. */
export const readableFile: ValueType<string> = {
  placeholder: 'FILE',
  parse: (text) => {
    const file = resolve(text);
    try {
      readFileSync(file);
      return accept(file);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      return refuse(`the file cannot be read (${code})`);
    }
  },
};
