import { createHash, X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import type { Approach } from '@callbox/signaling';
import { isRead, pathOf } from '../http/request-facts.ts';
import { parseHost } from '../network/host.ts';
import { authorityPageStyle } from './authority-page-style.ts';
import type { PageLanguage } from './authority-words.ts';
import type { LocalCertificate } from './load-local-certificate.ts';
import { renderAuthorityPage, type AuthorityFacts } from './render-authority-page.ts';

const pagePath = '/ca';
const filePath = '/ca.crt';

/** The page has a style, links and an icon, and nothing else may be added to it (CSP Level 3 §6.1.13). */
const contentSecurityPolicy = [
  "default-src 'none'",
  "img-src 'self'",
  `style-src 'sha256-${createHash('sha256').update(authorityPageStyle).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': contentSecurityPolicy,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** The authority's certificate as people compare it: SHA-256, in pairs of digits. */
export function fingerprintOf(authority: string): string {
  return new X509Certificate(authority).fingerprint256;
}

/** IPv6 addresses as people write them (RFC 5952). */
function shorten(name: string): string {
  return isIPv6(name) ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name;
}

/** What our certificate stands for is what its authority may vouch for: both were made from one list. */
function describe({ authority, keyPair }: LocalCertificate): AuthorityFacts {
  const entries = (new X509Certificate(keyPair.cert).subjectAltName ?? '').split(', ');
  return {
    names: entries.map((entry) => shorten(entry.replace(/^(?:DNS|IP Address):/, ''))),
    fingerprint: fingerprintOf(authority),
    notAfterMs: Date.parse(new X509Certificate(authority).validTo),
  };
}

/** As asked in the address, else as the browser prefers (RFC 9110 §12.5.4): Chinese where that comes first. */
function chooseLanguage(request: IncomingMessage): PageLanguage {
  const asked = new URLSearchParams(request.url?.split('?')[1]).get('language');
  if (asked === 'en' || asked === 'zh') return asked;
  return /^\s*zh\b/i.test(request.headers['accept-language'] ?? '') ? 'zh' : 'en';
}

export interface AuthorityHandlerOptions {
  /** What vouches for whoever comes by this name or address, if it is our own authority. */
  readonly find: (host: string) => LocalCertificate | undefined;
  /** Tells by which host a request came. */
  readonly readApproach: (request: IncomingMessage) => Approach;
}

/**
 * Makes what answers requests for `/ca` and `/ca.crt`, with encryption and without: the certificate is public, and whoever
 * has yet to install it has no other way than one that nobody vouches for. It returns false for all other requests, and
 * to those who come by a name for which a certificate is served that needs no such thing.
 */
export function createAuthorityHandler({
  find,
  readApproach,
}: AuthorityHandlerOptions): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const path = pathOf(request);
    if ((path !== pagePath && path !== filePath) || !isRead(request)) return false;
    const local = find(parseHost(readApproach(request).host)?.name ?? '');
    if (local === undefined) return false;
    const isPage = path === pagePath;
    const body = isPage
      ? Buffer.from(renderAuthorityPage(describe(local), chooseLanguage(request)))
      : new X509Certificate(local.authority).raw;
    response.writeHead(200, {
      ...headers,
      // RFC 2585 §4.1 has another type; telephones offer to install this one.
      'Content-Type': isPage ? 'text/html; charset=utf-8' : 'application/x-x509-ca-cert',
      ...(isPage
        ? { Vary: 'Accept-Language' }
        : { 'Content-Disposition': 'attachment; filename="callbox-ca.crt"' }),
      'Content-Length': body.length,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
    return true;
  };
}
