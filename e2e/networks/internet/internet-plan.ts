/** How the router of a site treats what its hosts send out, and what comes in. */
export type Translation =
  /** None: its hosts have public IPv4 addresses, and all may reach them. */
  | 'none'
  /** One outer port for an inner one, whoever is sent to; only whoever was sent to gets back in. Most homes. */
  | 'port-restricted'
  /** Another outer port for each destination, and a random one. Mobile networks, some offices. */
  | 'symmetric'
  /** The router's public address is that of its first host alone, whose own is private. No way back from inside. Clouds. */
  | 'one-to-one';

export type Family = 'ipv4' | 'ipv6';

/** A place on the test internet: a router and the hosts behind it. */
export interface SitePlan {
  /** Names of the hosts, each in a namespace of its own. */
  readonly hosts: readonly string[];
  /** What happens to IPv4. IPv6 is never translated; what is not asked for from inside only gets in where this is `none`. */
  readonly translation: Translation;
  /** Both, if not said. */
  readonly families?: readonly Family[];
  /** Whether the hosts of the site cannot reach each other, as in a hotel. */
  readonly isolatesHosts?: boolean;
  /** Whether the only way out is an HTTP proxy with CONNECT, at the router. */
  readonly proxyOnly?: boolean;
  /** TCP and UDP ports of the router's public address that are those of the first host. */
  readonly forwardedPorts?: readonly number[];
}

/** Names of hosts that others can ask a name server for. */
export interface NamePlan {
  readonly name: string;
  readonly host: string;
}

export interface InternetPlan {
  readonly sites: readonly SitePlan[];
  readonly names?: readonly NamePlan[];
}

/** What a firewall lets through, on top of what the site's router does anyway. */
export type Firewall =
  | { readonly kind: 'open' }
  | { readonly kind: 'udp-blocked' }
  | { readonly kind: 'tcp-blocked' }
  /** Nothing but TCP to this port. */
  | { readonly kind: 'one-port'; readonly port: number };

/** Where the HTTP proxy of a site listens. */
export const PROXY_PORT = 3128;

/** The addresses of the site in place `index`: ordinary public ones outside, since others are denied as peers. */
export function planAddresses(site: SitePlan, index: number): SiteAddresses {
  const place = index + 1;
  const families = site.families ?? ['ipv4', 'ipv6'];
  return {
    ipv4: families.includes('ipv4')
      ? {
          core: `60.0.${place}.1`,
          router: `60.0.${place}.2`,
          inner: site.translation === 'none' ? `61.0.${place}` : `192.168.${place}`,
        }
      : null,
    ipv6: families.includes('ipv6')
      ? { core: `2a02:60:${place}::1`, router: `2a02:60:${place}::2`, inner: `2a02:61:${place}:` }
      : null,
  };
}

/** Addresses of one site: the two ends of its line, and what its inner ones begin with. */
export interface SiteAddresses {
  readonly ipv4: FamilyAddresses | null;
  readonly ipv6: FamilyAddresses | null;
}

export interface FamilyAddresses {
  readonly core: string;
  readonly router: string;
  readonly inner: string;
}

/** The last part of a router's inner address; those of its hosts count up from `FIRST_HOST`. */
export const ROUTER_NUMBER = 1;
export const FIRST_HOST = 10;

/** The inner address of a host of a site, or null where it has none of that family. */
export function hostAddress(addresses: SiteAddresses, family: Family, place: number): string | null {
  const own = addresses[family];
  if (own === null) return null;
  return `${own.inner}${family === 'ipv4' ? '.' : ':'}${FIRST_HOST + place}`;
}
