import { PROXY_PORT, type Family, type Firewall, type SitePlan } from './internet-plan.ts';

/** The interfaces of a router: to the internet, and to its hosts. */
export const OUTSIDE = 'out';
export const INSIDE = 'lan';

/**
 * The rules of a site's router, for `iptables-restore` or `ip6tables-restore`. What comes in unasked is dropped without
 * a word and without a trace: an answer, or a connection that is tracked, would spoil a later one from inside.
 *
 * @param firstHost the inner address of the site's first host, to which ports are forwarded.
 */
export function renderRouterRules(site: SitePlan, family: Family, firstHost: string): string {
  const lines = [
    ...(family === 'ipv4' ? renderTranslation(site, firstHost) : []),
    '*filter',
    ':INPUT DROP',
    ':FORWARD DROP',
    ':FIREWALL -',
    ':LOSS -',
    ':APART -',
    '-A INPUT -i lo -j ACCEPT',
    `-A INPUT -p ${family === 'ipv4' ? 'icmp' : 'ipv6-icmp'} -j ACCEPT`,
    '-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
    ...(site.proxyOnly === true ? [`-A INPUT -i ${INSIDE} -p tcp --dport ${PROXY_PORT} -j ACCEPT`] : []),
    '-A FORWARD -j FIREWALL',
    '-A FORWARD -j LOSS',
    '-A FORWARD -j APART',
    '-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
    '-A FORWARD -m conntrack --ctstate DNAT -j ACCEPT',
    ...(site.proxyOnly === true ? [] : [`-A FORWARD -i ${INSIDE} -o ${OUTSIDE} -j ACCEPT`]),
    ...(site.translation === 'none' ? [`-A FORWARD -i ${OUTSIDE} -o ${INSIDE} -j ACCEPT`] : []),
    'COMMIT',
  ];
  return `${lines.join('\n')}\n`;
}

function renderTranslation({ translation, forwardedPorts = [] }: SitePlan, firstHost: string): string[] {
  if (translation === 'none') return [];
  const random = translation === 'symmetric' ? ' --random-fully' : '';
  return [
    '*nat',
    ...(translation === 'one-to-one'
      ? [`-A PREROUTING -i ${OUTSIDE} -j DNAT --to-destination ${firstHost}`]
      : []),
    ...forwardedPorts.flatMap((port) =>
      ['tcp', 'udp'].map(
        (protocol) =>
          `-A PREROUTING -i ${OUTSIDE} -p ${protocol} --dport ${port} -j DNAT --to-destination ${firstHost}`,
      ),
    ),
    `-A POSTROUTING -o ${OUTSIDE} -j MASQUERADE${random}`,
    'COMMIT',
  ];
}

/** The rules that put a firewall in the place of the one before. With `--noflush`, the others stay. */
export function renderFirewall(firewall: Firewall): string {
  const rules: Record<Firewall['kind'], (port: number) => string[]> = {
    open: () => [],
    'udp-blocked': () => ['-A FIREWALL -p udp -j DROP'],
    'tcp-blocked': () => ['-A FIREWALL -p tcp -j DROP'],
    'one-port': (port) => [
      `-A FIREWALL -i ${INSIDE} -p tcp --dport ${port} -j RETURN`,
      `-A FIREWALL -i ${OUTSIDE} -p tcp --sport ${port} -j RETURN`,
      '-A FIREWALL -j DROP',
    ],
  };
  const port = firewall.kind === 'one-port' ? firewall.port : 0;
  return ['*filter', ':FIREWALL -', ...rules[firewall.kind](port), 'COMMIT', ''].join('\n');
}

/** The rules that lose packets at random, each way, from now on. */
export function renderLoss(share: number, of: 'all' | 'udp' = 'all'): string {
  const rule = `-A LOSS${of === 'udp' ? ' -p udp' : ''} -m statistic --mode random --probability ${share} -j DROP`;
  return ['*filter', ':LOSS -', ...(share > 0 ? [rule] : []), 'COMMIT', ''].join('\n');
}

/** The rules that let nothing through to this address nor from it; none at all without one. */
export function renderApart(address: string | null): string {
  const rules = address === null ? [] : [`-A APART -s ${address} -j DROP`, `-A APART -d ${address} -j DROP`];
  return ['*filter', ':APART -', ...rules, 'COMMIT', ''].join('\n');
}
