import { execFile } from 'node:child_process';
import type { Socket } from 'node:dgram';
import { promisify } from 'node:util';
import { answerNameQuery } from '../answer-name-query.ts';
import { isIsolated } from '../isolation.ts';
import {
  hostAddress,
  planAddresses,
  PROXY_PORT,
  ROUTER_NUMBER,
  type Family,
  type Firewall,
  type InternetPlan,
  type SiteAddresses,
  type SitePlan,
} from './internet-plan.ts';
import { openNamespace, type Namespace } from './namespace.ts';
import {
  INSIDE,
  OUTSIDE,
  renderApart,
  renderFirewall,
  renderLoss,
  renderRouterRules,
} from './router-rules.ts';
import { startProxy } from './start-proxy.ts';

const run = promisify(execFile);

/** A host of the test internet: programs and browsers are started in its namespace. */
export interface Host extends Namespace {
  /** Its own addresses, or null where it has none of the family. */
  readonly ipv4: string | null;
  readonly ipv6: string | null;
  /** The IPv4 address that others see it have, or null where it has none. */
  readonly outerIpv4: string | null;
  /** The URL of the HTTP proxy that it has to use, or null. */
  readonly proxy: string | null;
}

/** Namespaces that are joined to a little internet of their own. */
export interface Internet {
  /** @throws when the plan names no such host. */
  host(name: string): Host;
  /** Every address and name by which a host can be called. */
  readonly hostNames: ReadonlySet<string>;
  /** Puts a firewall before the site of this host, in the place of the one before. */
  setFirewall(host: string, firewall: Firewall): Promise<void>;
  /** Lets nothing through between the site of this host and another host, or all again without one. IPv4 alone. */
  separate(host: string, other: string | null): Promise<void>;
  /** Loses this share of the packets, 0 to 1, each way between the site of this host and the rest: of all, if not said. */
  setLoss(host: string, share: number, of?: 'all' | 'udp'): Promise<void>;
  /** Limits the line of this host's site, each way, in kilobits per second. */
  setRate(host: string, kilobitsPerSecond: number): Promise<void>;
  /** Stops the browsers of a host where they stand, as sleep does, or lets them go on. */
  signalBrowsers(host: string, signal: 'STOP' | 'CONT'): Promise<void>;
  /** Takes the IPv4 address of a host away, and gives it another of its site: its last number. */
  changeAddress(host: string, number: number): Promise<void>;
  close(): Promise<void>;
}

interface Site {
  readonly plan: SitePlan;
  readonly addresses: SiteAddresses;
  /** Name of the router's namespace. */
  readonly router: string;
}

let internetCount = 0;

/**
 * Builds a test internet: for each site a router with its hosts behind it, and one router in the middle that knows only
 * them. Each host asks a name server of its own at 127.0.0.1, so that no firewall keeps names from it. Needs
 * `isolate.sh`, which also clears away what a run that was killed leaves behind.
 */
export async function createInternet(plan: InternetPlan): Promise<Internet> {
  if (!isIsolated) throw new Error('networks can be made only under networks/isolate.sh');
  internetCount += 1;
  const prefix = `i${internetCount}`;
  const core = `${prefix}-core`;
  const sites = plan.sites.map((site, index) => ({
    plan: site,
    addresses: planAddresses(site, index),
    router: `${prefix}-r${index + 1}`,
  }));
  const nameOf = (host: string) => `${prefix}-${host}`;
  const namespaces = [core, ...sites.flatMap((site) => [site.router, ...site.plan.hosts.map(nameOf)])];
  await runScript([
    ...namespaces.flatMap((name) => scriptNamespace(name)),
    ...sites.flatMap((site, index) => scriptSite(site, index, { core, nameOf })),
  ]);

  const closers: (() => void | Promise<void>)[] = [];
  const hosts = new Map<string, Host>();
  for (const site of sites) {
    if (site.plan.proxyOnly === true) {
      const listen = `${site.addresses.ipv4?.inner ?? ''}.${ROUTER_NUMBER}`;
      closers.push(await startProxy(site.router, listen, PROXY_PORT));
    }
  }
  const opened = sites.flatMap((site) =>
    site.plan.hosts.map(async (name, place) => {
      const namespace = await openNamespace(nameOf(name));
      closers.push(() => namespace.close());
      hosts.set(name, describeHost(namespace, site, place));
    }),
  );
  await Promise.all(opened);
  for (const site of sites) {
    const table = tabulateNames(site, plan, hosts);
    const askers = site.plan.hosts.map((name) => hosts.get(name)).filter((host) => host !== undefined);
    // A proxy looks up names itself.
    const routers = site.plan.proxyOnly === true ? [await openNamespace(site.router)] : [];
    for (const router of routers) closers.push(() => router.close());
    for (const asker of [...askers, ...routers]) closers.push(await serveNames(asker, table));
  }

  const siteOf = (host: string): Site => {
    const site = sites.find(({ plan: { hosts: names } }) => names.includes(host));
    if (site === undefined) throw new Error(`the test internet has no host ${host}`);
    return site;
  };
  const restore = async (host: string, rules: string): Promise<void> => {
    const { router } = siteOf(host);
    await runScript([restoreRules(router, 'ipv4', rules), restoreRules(router, 'ipv6', rules)]);
  };
  return {
    host: (name) => {
      const host = hosts.get(name);
      if (host === undefined) throw new Error(`the test internet has no host ${name}`);
      return host;
    },
    hostNames: new Set([
      ...(plan.names ?? []).map(({ name }) => name),
      ...[...hosts.values()]
        .flatMap(({ ipv4, outerIpv4, ipv6 }) => [ipv4, outerIpv4, ipv6 === null ? null : `[${ipv6}]`])
        .filter((address) => address !== null),
    ]),
    setFirewall: (host, firewall) => restore(host, renderFirewall(firewall)),
    separate: (host, other) => {
      const address = other === null ? null : (hosts.get(other)?.ipv4 ?? null);
      if (other !== null && address === null) throw new Error(`${other} has no IPv4 address`);
      return runScript([restoreRules(siteOf(host).router, 'ipv4', renderApart(address))]);
    },
    setLoss: (host, share, of) => restore(host, renderLoss(share, of)),
    setRate: (host, kilobitsPerSecond) =>
      runScript(
        [OUTSIDE, INSIDE].map(
          (device) =>
            `ip netns exec ${siteOf(host).router} tc qdisc replace dev ${device} root tbf rate ${kilobitsPerSecond}kbit burst 16kb latency 200ms`,
        ),
      ),
    signalBrowsers: (host, signal) =>
      runScript([
        `for pid in $(ip netns pids ${nameOf(host)}); do`,
        `  if grep -Eqi 'chrom|firefox' "/proc/$pid/cmdline"; then kill -${signal} "$pid"; fi`,
        'done',
      ]),
    changeAddress: (host, number) => {
      const { addresses } = siteOf(host);
      const name = nameOf(host);
      const inner = addresses.ipv4?.inner;
      if (inner === undefined) throw new Error(`${host} has no IPv4 address`);
      return runScript([
        `ip -netns ${name} -4 address flush dev eth0`,
        `ip -netns ${name} address add ${inner}.${number}/24 dev eth0`,
        `ip -netns ${name} route add default via ${inner}.${ROUTER_NUMBER}`,
      ]);
    },
    close: async () => {
      for (const close of closers) await close();
      await runScript(namespaces.map((name) => `ip netns delete ${name}`));
    },
  };
}

function runScript(lines: readonly string[]): Promise<void> {
  return run('sh', ['-euc', lines.join('\n')]).then(() => undefined);
}

function scriptNamespace(name: string): string[] {
  const settings = [
    'net.ipv4.ip_forward=1',
    'net.ipv6.conf.all.forwarding=1',
    // Addresses are ours to give: nobody need be asked whether one is free.
    'net.ipv6.conf.all.accept_dad=0',
    'net.ipv6.conf.default.accept_dad=0',
  ];
  return [
    `ip netns add ${name}`,
    `ip -netns ${name} link set lo up`,
    `ip netns exec ${name} sysctl -q ${settings.join(' ')}`,
  ];
}

function scriptSite(
  { plan, addresses, router }: Site,
  index: number,
  { core, nameOf }: { readonly core: string; readonly nameOf: (host: string) => string },
): string[] {
  const { ipv4, ipv6 } = addresses;
  const line = `s${index + 1}`;
  const script = [
    `ip link add ${line} netns ${core} type veth peer name ${OUTSIDE} netns ${router}`,
    `ip -netns ${core} link set ${line} up`,
    `ip -netns ${router} link set ${OUTSIDE} up`,
    `ip -netns ${router} link add ${INSIDE} type bridge`,
    `ip -netns ${router} link set ${INSIDE} up`,
    // What neighbours send each other is no business of the rules for what is routed.
    `ip netns exec ${router} sysctl -qe net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0`,
  ];
  if (ipv4 !== null) {
    script.push(
      `ip -netns ${core} address add ${ipv4.core}/24 dev ${line}`,
      `ip -netns ${router} address add ${ipv4.router}/24 dev ${OUTSIDE}`,
      `ip -netns ${router} address add ${ipv4.inner}.${ROUTER_NUMBER}/24 dev ${INSIDE}`,
      `ip -netns ${router} route add default via ${ipv4.core}`,
      ...(plan.translation === 'none'
        ? [`ip -netns ${core} route add ${ipv4.inner}.0/24 via ${ipv4.router}`]
        : []),
    );
  }
  if (ipv6 !== null) {
    script.push(
      `ip -netns ${core} address add ${ipv6.core}/64 dev ${line} nodad`,
      `ip -netns ${router} address add ${ipv6.router}/64 dev ${OUTSIDE} nodad`,
      `ip -netns ${router} address add ${ipv6.inner}:${ROUTER_NUMBER}/64 dev ${INSIDE} nodad`,
      `ip -netns ${router} route add default via ${ipv6.core}`,
      `ip -netns ${core} route add ${ipv6.inner}:/64 via ${ipv6.router}`,
    );
  }
  for (const [place, host] of plan.hosts.entries()) {
    script.push(...scriptHost(nameOf(host), place, { plan, addresses, router }));
  }
  const families: readonly Family[] = ['ipv4', 'ipv6'];
  for (const family of families) {
    const firstHost = hostAddress(addresses, family, 0) ?? '';
    script.push(restoreRules(router, family, renderRouterRules(plan, family, firstHost), []));
  }
  return script;
}

function scriptHost(host: string, place: number, { plan, addresses, router }: Site): string[] {
  const port = `h${place}`;
  const script = [
    `ip link add eth0 netns ${host} type veth peer name ${port} netns ${router}`,
    `ip -netns ${host} link set eth0 up`,
    `ip -netns ${router} link set ${port} master ${INSIDE} up`,
    ...(plan.isolatesHosts === true ? [`bridge -netns ${router} link set dev ${port} isolated on`] : []),
  ];
  const ipv4 = hostAddress(addresses, 'ipv4', place);
  if (ipv4 !== null) {
    script.push(
      `ip -netns ${host} address add ${ipv4}/24 dev eth0`,
      `ip -netns ${host} route add default via ${addresses.ipv4?.inner}.${ROUTER_NUMBER}`,
    );
  }
  const ipv6 = hostAddress(addresses, 'ipv6', place);
  if (ipv6 !== null) {
    script.push(
      `ip -netns ${host} address add ${ipv6}/64 dev eth0 nodad`,
      `ip -netns ${host} route add default via ${addresses.ipv6?.inner}:${ROUTER_NUMBER}`,
    );
  }
  return script;
}

function restoreRules(router: string, family: Family, rules: string, flags = ['--noflush']): string {
  const program = family === 'ipv4' ? 'iptables-restore' : 'ip6tables-restore';
  return `ip netns exec ${router} ${program} ${flags.join(' ')} <<'RULES'\n${rules}RULES`;
}

function describeHost(namespace: Namespace, { plan, addresses }: Site, place: number): Host {
  const ipv4 = hostAddress(addresses, 'ipv4', place);
  return {
    ...namespace,
    ipv4,
    ipv6: hostAddress(addresses, 'ipv6', place),
    outerIpv4: plan.translation === 'none' ? ipv4 : (addresses.ipv4?.router ?? null),
    proxy: plan.proxyOnly === true ? `http://${addresses.ipv4?.inner}.${ROUTER_NUMBER}:${PROXY_PORT}` : null,
  };
}

/**
 * What the plan's names stand for at a site. A host of the same site is named by its inner address, as by the name server
 * of a home or an office.
 */
function tabulateNames(
  { plan: site }: Site,
  plan: InternetPlan,
  hosts: ReadonlyMap<string, Host>,
): Map<string, readonly string[]> {
  const table = new Map<string, readonly string[]>();
  for (const { name, host: named } of plan.names ?? []) {
    const host = hosts.get(named);
    if (host === undefined) throw new Error(`${name} is to name ${named}, which is no host`);
    const addresses = [site.hosts.includes(named) ? host.ipv4 : host.outerIpv4, host.ipv6];
    table.set(
      name,
      addresses.filter((address) => address !== null),
    );
  }
  return table;
}

/** Serves names in a namespace, at its own loopback address, for as long as it is used. */
async function serveNames(
  asker: Namespace,
  table: ReadonlyMap<string, readonly string[]>,
): Promise<() => void> {
  const socket: Socket = await asker.openUdp('127.0.0.1', 53);
  socket.on('message', (query, from) => {
    const answer = answerNameQuery(query, table);
    if (answer !== null) socket.send(answer, from.port, from.address);
  });
  return () => void socket.close();
}
