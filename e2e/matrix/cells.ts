import type { BrowserKind } from '../browser/guest.ts';
import type { Firewall } from '../networks/internet/internet-plan.ts';

/** Where the two of a call are, and where the server is. */
export interface Scene {
  readonly what: string;
  readonly server: ServerPlace;
  /** Hosts of the matrix's internet. */
  readonly guests: readonly [string, string];
  /** Whether there is a way between them without a relay, as long as UDP is open. */
  readonly hasDirectWay: boolean;
}

export type ServerPlace = 'public' | 'cloud' | 'lan';

/** The address that the server is told to be its public one. */
export const addressBeliefs = ['right', 'wrong', 'unknown'] as const;
export type AddressBelief = (typeof addressBeliefs)[number];

/** How the guests were told to find the server. */
export const hostForms = ['name', 'bare address'] as const;
export type HostForm = (typeof hostForms)[number];

export const firewallKinds: readonly Firewall['kind'][] = ['open', 'udp-blocked', 'one-port'];

export const scenes: readonly Scene[] = [
  { what: 'two homes', server: 'public', guests: ['home1', 'home2'], hasDirectWay: true },
  { what: 'a home and a mobile', server: 'public', guests: ['home1', 'mobile1'], hasDirectWay: false },
  { what: 'two mobiles', server: 'public', guests: ['mobile1', 'mobile2'], hasDirectWay: false },
  { what: 'two with IPv6 only', server: 'public', guests: ['six1', 'six2'], hasDirectWay: true },
  { what: 'IPv6 only and IPv4 only', server: 'public', guests: ['six1', 'home1'], hasDirectWay: false },
  {
    what: 'two in one hotel, kept apart',
    server: 'public',
    guests: ['hotel1', 'hotel2'],
    hasDirectWay: false,
  },
  {
    what: 'behind an HTTP proxy and at home',
    server: 'public',
    guests: ['office', 'home1'],
    hasDirectWay: false,
  },
  { what: 'server in a cloud, two homes', server: 'cloud', guests: ['home1', 'home2'], hasDirectWay: true },
  {
    what: 'server in a cloud, two mobiles',
    server: 'cloud',
    guests: ['mobile1', 'mobile2'],
    hasDirectWay: false,
  },
  {
    what: 'server on a LAN, two beside it',
    server: 'lan',
    guests: ['inside1', 'inside2'],
    hasDirectWay: true,
  },
  {
    what: 'server on a LAN, one beside it, one outside',
    server: 'lan',
    guests: ['inside1', 'home1'],
    hasDirectWay: false,
  },
];

/** One call to be tried. */
export interface Cell {
  readonly scene: Scene;
  readonly firewall: Firewall['kind'];
  readonly belief: AddressBelief;
  readonly hostForm: HostForm;
  /** The browsers of the two guests. */
  readonly browsers: readonly [BrowserKind, BrowserKind];
}

/** Every cell there is: each combination in Chromium, and with a Firefox where names and addresses are right. */
export function listAllCells(): Cell[] {
  const all = listCombinations();
  const mixed = all
    .filter(({ belief, hostForm }) => belief === 'right' && hostForm === 'name')
    .map((cell): Cell => ({ ...cell, browsers: ['chromium', 'firefox'] }));
  return [...all, ...mixed];
}

function listCombinations(): Cell[] {
  return scenes.flatMap((scene) =>
    addressBeliefs.flatMap((belief) =>
      firewallKinds.flatMap((firewall) =>
        hostForms.map((hostForm): Cell => ({
          scene,
          firewall,
          belief,
          hostForm,
          browsers: ['chromium', 'chromium'],
        })),
      ),
    ),
  );
}

/** The pairs of values, one of each of two axes, that a cell brings together. */
export function pairsOf({ scene, firewall, belief, hostForm }: Cell): string[] {
  const values = [scene.what, firewall, belief, hostForm];
  return values.flatMap((one, index) => values.slice(index + 1).map((other) => `${one} & ${other}`));
}

/**
 * Chooses few cells that bring together every two values of two axes, each time the one that adds most. In the first of
 * each scene, the second guest has a Firefox.
 */
export function chooseCover(): Cell[] {
  const rest = listCombinations();
  const missing = new Set(rest.flatMap(pairsOf));
  const cover: Cell[] = [];
  while (missing.size > 0) {
    const gain = (cell: Cell) => pairsOf(cell).filter((pair) => missing.has(pair)).length;
    const best = rest.reduce((one, other) => (gain(other) > gain(one) ? other : one));
    for (const pair of pairsOf(best)) missing.delete(pair);
    const isFirst = cover.every(({ scene }) => scene !== best.scene);
    cover.push(isFirst ? { ...best, browsers: ['chromium', 'firefox'] } : best);
  }
  // Those of one server together: it starts anew only when what it believes changes.
  const rank = ({ scene, belief }: Cell) => `${scene.server} ${belief} ${scene.what}`;
  return cover.sort((one, other) => rank(one).localeCompare(rank(other)));
}

/** The name of a cell, for tests and tables. */
export function nameCell({ scene, firewall, belief, hostForm, browsers }: Cell): string {
  const browsersText = browsers[1] === 'firefox' ? ', with a Firefox' : '';
  return `${scene.what}; ${firewall}; public address ${belief}; by ${hostForm}${browsersText}`;
}

/** Which ways media may take in a cell. */
export interface ExpectedWays {
  /** Nobody needs the relay, so nobody's media is to go there. */
  readonly isDirect: boolean;
  /** For each guest: the ways to their own relay that are open, and whether they have to use one. */
  readonly guests: readonly [ExpectedRelay, ExpectedRelay];
}

export interface ExpectedRelay {
  readonly protocols: readonly string[];
  readonly isNeeded: boolean;
}

/** Who is beside the server is not behind the firewall that all others are behind. */
export function isBehindFirewall(host: string): boolean {
  return !host.startsWith('inside');
}

/** Which ways media may take in a cell, by what is between the two and what their browsers do. */
export function expectWays({ scene, firewall, browsers }: Cell): ExpectedWays {
  const hasUdp = (host: string) => host !== 'office' && (firewall === 'open' || !isBehindFirewall(host));
  const isDirect = scene.hasDirectWay && scene.guests.every(hasUdp);
  // Firefox stays with the first way that it has nominated, be there a better one; Chromium turns to the best.
  const choosable = browsers.includes('firefox') ? ['udp', 'tcp', 'tls'] : ['udp'];
  const relayOf = (host: string): ExpectedRelay =>
    hasUdp(host) ? { protocols: choosable, isNeeded: false } : { protocols: ['tcp', 'tls'], isNeeded: true };
  return { isDirect, guests: [relayOf(scene.guests[0]), relayOf(scene.guests[1])] };
}
