import { createInternet, type Host, type Internet } from '../networks/internet/create-internet.ts';
import type { SitePlan } from '../networks/internet/internet-plan.ts';
import type { AddressBelief, HostForm, ServerPlace } from './cells.ts';

const PAGE_PORT = 443;
const TURN_PORT = 3478;

const sites: readonly SitePlan[] = [
  { hosts: ['public'], translation: 'none' },
  { hosts: ['cloud'], translation: 'one-to-one', families: ['ipv4'] },
  {
    hosts: ['lan', 'inside1', 'inside2'],
    translation: 'port-restricted',
    families: ['ipv4'],
    // Not the relay ports: people forward what they are told to, and no more.
    forwardedPorts: [PAGE_PORT, TURN_PORT],
  },
  { hosts: ['home1'], translation: 'port-restricted', families: ['ipv4'] },
  { hosts: ['home2'], translation: 'port-restricted', families: ['ipv4'] },
  { hosts: ['mobile1'], translation: 'symmetric', families: ['ipv4'] },
  { hosts: ['mobile2'], translation: 'symmetric', families: ['ipv4'] },
  { hosts: ['six1'], translation: 'port-restricted', families: ['ipv6'] },
  { hosts: ['six2'], translation: 'port-restricted', families: ['ipv6'] },
  { hosts: ['hotel1', 'hotel2'], translation: 'port-restricted', families: ['ipv4'], isolatesHosts: true },
  { hosts: ['office'], translation: 'port-restricted', families: ['ipv4'], proxyOnly: true },
];

const places: readonly ServerPlace[] = ['public', 'cloud', 'lan'];

/** The name by which guests find a server. */
export function serverName(place: ServerPlace): string {
  return `${place}.example`;
}

/** All the networks of the matrix, in one internet. */
export function createMatrixInternet(): Promise<Internet> {
  return createInternet({
    sites,
    names: places.map((place) => ({ name: serverName(place), host: place })),
  });
}

/** Every address by which somebody may call a server, for its certificate. */
export function serverAddresses({ ipv4, outerIpv4, ipv6 }: Host): string[] {
  return [...new Set([ipv4, outerIpv4, ipv6])].filter((address) => address !== null);
}

/** The host in the address of a page, as a guest was told it: who is beside the server calls it by its inner address. */
export function pageHost(server: Host, place: ServerPlace, guest: Host, form: HostForm): string {
  if (form === 'name') return serverName(place);
  if (guest.ipv4 === null) return `[${server.ipv6}]`;
  const isBeside = place === 'lan' && guest.outerIpv4 === server.outerIpv4;
  return (isBeside ? server.ipv4 : server.outerIpv4) ?? '';
}

/** What the server is told of its public address. */
export function beliefFlags(server: Host, belief: AddressBelief): string[] {
  const address = { right: server.outerIpv4, wrong: '60.0.200.200', unknown: null }[belief];
  return address === null ? [] : ['--public-address', address];
}
