import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { canonicalAddress } from '../network/canonical-address.ts';

/** What proxies say of a request. */
export interface Forwarded {
  /** Who sent it, from the first to the last that a proxy heard from; undefined where one does not say an address. */
  readonly path: readonly (string | undefined)[];
  /** The Host and the scheme that the guest asked for, in lower case. */
  readonly host: string | undefined;
  readonly scheme: string | undefined;
}

/** An address as proxies write it: alone, with a port, in brackets. */
function parseNode(text: string): string | undefined {
  const trimmed = text.trim();
  const inner =
    /^\[(?<address>[^\]]+)\](?::\d+)?$/.exec(trimmed)?.groups?.['address'] ??
    (isIP(trimmed) === 0 ? trimmed.replace(/:\d+$/, '') : trimmed);
  return canonicalAddress(inner);
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header.join(',') : header;
}

/** The first of a list: what the proxy next to the guest said. */
function firstOf(header: string | readonly string[] | undefined): string | undefined {
  return textOf(header)?.split(',', 1)[0]?.trim().toLowerCase();
}

/** Reads X-Forwarded-For, -Proto and -Host; undefined if there is no such header. */
export function readXForwarded(headers: IncomingHttpHeaders): Forwarded | undefined {
  const addresses = textOf(headers['x-forwarded-for']);
  const scheme = firstOf(headers['x-forwarded-proto']);
  const host = firstOf(headers['x-forwarded-host']);
  if (addresses === undefined && scheme === undefined && host === undefined) return undefined;
  return { path: addresses === undefined ? [] : addresses.split(',').map(parseNode), host, scheme };
}

/** A name and its value, which may be quoted (RFC 7239 §4), and what comes behind. */
const pairPattern = /\s*([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*))\s*([,;]|$)/gy;

/** Reads Forwarded (RFC 7239); undefined if there is none. */
export function readForwarded(headers: IncomingHttpHeaders): Forwarded | undefined {
  const text = headers.forwarded;
  if (text === undefined) return undefined;
  const elements: Map<string, string>[] = [new Map()];
  let end = 0;
  for (const match of text.matchAll(pairPattern)) {
    const [whole, name = '', quoted, plain = '', separator] = match;
    elements.at(-1)?.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain);
    end = match.index + whole.length;
    if (separator === ',') elements.push(new Map());
  }
  if (end !== text.length) return { path: [undefined], host: undefined, scheme: undefined };
  return {
    // `unknown` and names that hide an address are allowed (§6).
    path: elements.map((element) => parseNode(element.get('for') ?? '')),
    host: elements[0]?.get('host')?.toLowerCase(),
    scheme: elements[0]?.get('proto')?.toLowerCase(),
  };
}
