import { layers, type Finding, type Layer } from './diagnosis-table.ts';
import type { CertificateFact, Facts, RelayFact } from './facts.ts';
import { inMegabytes } from './in-words.ts';
import { addressesOf, looksFromOutside } from './judge/perspective.ts';

/** One line of the overview. */
export interface LayerReport {
  readonly layer: Layer;
  /** `unseen`: there was nothing to look at, or no way to. */
  readonly status: 'good' | 'warning' | 'failure' | 'unseen';
  /** What was seen. */
  readonly seen: string;
}

export interface Report {
  readonly layers: readonly LayerReport[];
  readonly findings: readonly Finding[];
}

const unseenWithoutName = 'not looked at: give the public address with --url https://NAME';

function nameTries(tries: readonly RelayFact[]): string {
  const parts = tries.map(({ transport, port, probe }) => {
    const way = `${transport === 'tls' ? 'TLS' : transport.toUpperCase()} ${port}`;
    return probe.ok ? `${way}: ${probe.roundTripMs.toFixed(1)} ms` : `${way}: ${probe.reason}`;
  });
  return parts.join(', ');
}

function describePorts({ roles, onePort, signalPort, turnPort, relayPorts, listenAddress }: Facts): string {
  const tcp = [onePort, signalPort].filter((port) => port !== undefined);
  const parts = [
    ...(tcp.length === 0 ? [] : [`${tcp.join(' and ')} TCP`]),
    ...(roles.includes('turn')
      ? [`${turnPort} UDP and TCP`, `${relayPorts.min}-${relayPorts.max} UDP for relayed media`]
      : []),
  ];
  return `${parts.join(', ')}${listenAddress === undefined ? '' : ` on ${listenAddress}`}`;
}

function describeAddress(facts: Facts): string {
  const here = facts.local.network.slice(0, 3).join(', ') || 'loopback only';
  if (facts.name === undefined) return here;
  const { host, isAddress } = facts.name;
  const leads = isAddress ? host : `${host} leads to ${addressesOf(facts).join(', ') || 'nothing'}`;
  return looksFromOutside(facts) ? leads : `${here}; ${leads}`;
}

function describeCertificate(certificate: CertificateFact): string {
  const until = new Date(certificate.validToMs).toISOString().slice(0, 10);
  const maker = certificate.isSelfSigned
    ? 'made by this server itself, browsers warn'
    : `by ${certificate.issuer}`;
  return `${maker}, valid until ${until}`;
}

function describeSystem({ system }: Facts): string | undefined {
  const parts = [
    ...(system.maxReceiveBuffer === undefined
      ? []
      : [`receive buffers up to ${Math.round(system.maxReceiveBuffer / 1024)} KiB`]),
    ...(system.maxOpenFiles === undefined ? [] : [`${system.maxOpenFiles} files`]),
    ...(system.freeMemoryBytes === undefined ? [] : [`${inMegabytes(system.freeMemoryBytes)} free`]),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}

function describeServer(facts: Facts): string {
  if (looksFromOutside(facts)) return 'runs elsewhere; looked at by its name only';
  const { health } = facts;
  switch (health.kind) {
    case 'callbox':
      return `runs here: ${health.roles.join(', ')}`;
    case 'unready':
      return `runs here, answers ${health.status}`;
    case 'stranger':
      return 'another program answers in its place';
    case 'silent':
      return `nothing answers: ${health.reason}`;
  }
}

/** What was seen of a layer, in words; undefined where nothing was. */
function describe(layer: Layer, facts: Facts): string | undefined {
  const { name, web } = facts;
  const isHere = !looksFromOutside(facts);
  switch (layer) {
    case 'server':
      return describeServer(facts);
    case 'ports':
      return isHere ? describePorts(facts) : undefined;
    case 'address':
      return describeAddress(facts);
    case 'web':
      if (name === undefined || web === undefined) return undefined;
      return web.health.kind === 'callbox'
        ? `${name.url} answers${web.websocketStatus === 101 ? ', WebSocket passes' : ''}`
        : `${name.url} does not answer as it should`;
    case 'certificate': {
      const certificate = web?.certificate;
      return certificate === undefined || 'error' in certificate
        ? undefined
        : describeCertificate(certificate);
    }
    case 'clock':
      return web?.clockAheadMs === undefined
        ? undefined
        : `${(Math.abs(web.clockAheadMs) / 1000).toFixed(1)} s from the one under ${name?.host ?? ''}`;
    case 'relay': {
      const tries = [facts.relaysInside.tries, facts.relaysOutside?.tries ?? []].filter(
        ({ length }) => length > 0,
      );
      return tries.length === 0 ? undefined : tries.map(nameTries).join('; ');
    }
    case 'system':
      return isHere ? describeSystem(facts) : undefined;
    case 'data':
      return isHere ? `${facts.data.directory}${facts.data.exists ? '' : ' (not made yet)'}` : undefined;
  }
}

function statusOf(findings: readonly Finding[]): LayerReport['status'] {
  if (findings.some(({ severity }) => severity === 'failure')) return 'failure';
  return findings.length > 0 ? 'warning' : 'good';
}

/** Puts together what was seen and what was found. */
export function createReport(facts: Facts, findings: readonly Finding[]): Report {
  const order = Object.keys(layers) as readonly Layer[];
  return {
    layers: order.map((layer) => {
      const seen = describe(layer, facts);
      const status = statusOf(findings.filter((finding) => finding.layer === layer));
      if (seen !== undefined) return { layer, status, seen };
      const isForWantOfName =
        facts.name === undefined && (layer === 'web' || layer === 'certificate' || layer === 'clock');
      return {
        layer,
        status: status === 'good' ? 'unseen' : status,
        seen: isForWantOfName ? unseenWithoutName : 'not looked at',
      };
    }),
    findings: [...findings].sort((a, b) => order.indexOf(a.layer) - order.indexOf(b.layer)),
  };
}
