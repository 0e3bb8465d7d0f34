export interface PageOrigins {
  /** Host and port as the browser wrote them. */
  readonly host: string;
  readonly secure: boolean;
  /** Where signaling is, if it is not ours. */
  readonly signalingUrl: string | undefined;
  /** Browsers trust our certificate for the host's name. */
  readonly isTrusted: boolean;
}

/**
 * What `connect-src` says of an HTTP origin and the sockets on it. A policy cannot name an IPv6 address (CSP Level 3
 * §2.3.1): then the scheme has to do.
 */
function listConnectSources(url: string): readonly string[] {
  const { origin } = new URL(url);
  const source = origin.includes('[') ? new URL(origin).protocol : origin;
  return [source, source.replace(/^http/, 'ws')];
}

/**
 * What a page of ours may do (CSP Level 3): load what we serve, open sockets to signaling, and nothing else. The socket's
 * origin is written out where it can be, for not every browser counts it into 'self'.
 */
function createContentSecurityPolicy(origins: PageOrigins): string {
  const own = origins.host.startsWith('[') ? [] : [`${origins.secure ? 'wss' : 'ws'}://${origins.host}`];
  const elsewhere = origins.signalingUrl === undefined ? [] : listConnectSources(origins.signalingUrl);
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    ['connect-src', "'self'", ...own, ...elsewhere].join(' '),
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const permissionsPolicy = [
  'camera=(self)',
  'microphone=(self)',
  'display-capture=(self)',
  'fullscreen=(self)',
  'speaker-selection=(self)',
  'screen-wake-lock=(self)',
  'geolocation=()',
  'payment=()',
  'usb=()',
].join(', ');

/**
 * Half a year without plain HTTP to this host (RFC 6797). It holds for all ports of the name, so it is said of that name
 * alone.
 */
const strictTransport = 'max-age=15768000';

/** Headers of every page and file. A room's link is what lets people in, so it is told to nobody as referrer. */
export function createSecurityHeaders(origins: PageOrigins): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': createContentSecurityPolicy(origins),
    'Permissions-Policy': permissionsPolicy,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    ...(origins.secure && origins.isTrusted ? { 'Strict-Transport-Security': strictTransport } : {}),
  };
}
