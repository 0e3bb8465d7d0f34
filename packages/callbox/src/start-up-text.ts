import { toOrigin } from './network/host.ts';
import type { PublicAddress, PublicAddressOrigin } from './network/find-public-addresses.ts';
import type { Config } from './config/config.ts';

/** What there is to say about the certificate. */
export interface CertificateFacts {
  /** Browsers may be expected to trust it; undefined where none is served. */
  readonly isTrusted: boolean | undefined;
  /** The certificate authority that is asked for one. */
  readonly askedFrom: string | undefined;
  /** Of our own authority, which people may install from `/ca`. */
  readonly authorityFingerprint: string | undefined;
}

/** What is worth telling once everything listens. */
export interface StartUpFacts {
  readonly config: Pick<
    Config,
    | 'roles'
    | 'turnPort'
    | 'turnTlsPort'
    | 'turnTransports'
    | 'relayPorts'
    | 'httpOnly'
    | 'basePath'
    | 'noLegacy'
  >;
  /** The ports that were opened; undefined where the part does not run here. */
  readonly port: number | undefined;
  readonly signalPort: number | undefined;
  readonly httpPort: number | undefined;
  /** The pages can be opened as `localhost`. */
  readonly isOnLoopback: boolean;
  /** Names and addresses by which others reach the pages, best first. */
  readonly hosts: readonly string[];
  /** What is believed to be our address on the internet. */
  readonly publicAddresses: readonly PublicAddress[];
  readonly certificate: CertificateFacts;
  readonly notices: readonly string[];
}

const column = 16;

function line(term: string, text: string): string {
  return `  ${term.padEnd(column)}${text}`;
}

function toAddress({ config, port }: StartUpFacts, host: string, scheme: 'http' | 'https'): string {
  return `${toOrigin(scheme, host, port ?? 0)}${config.basePath === '/' ? '' : config.basePath}`;
}

/** The address for others, best first; undefined where there is none, or only a proxy knows it. */
export function findAddressToShare(facts: StartUpFacts): string | undefined {
  const [host] = facts.hosts;
  if (facts.port === undefined || host === undefined || facts.config.httpOnly) return undefined;
  return toAddress(facts, host, 'https');
}

/** Why an address is believed, where that may be news to the operator. */
const beliefs: Readonly<Record<PublicAddressOrigin, string | undefined>> = {
  configuration: undefined,
  domain: 'as the DNS says',
  interface: undefined,
  cloud: 'as the cloud says',
  browsers: 'by which guests came before',
};

function listBeliefs({ publicAddresses }: StartUpFacts): readonly string[] {
  return publicAddresses.flatMap(({ address, origin }) => {
    const why = beliefs[origin];
    return why === undefined ? [] : [line('Internet', `${address}, ${why}; --public-address says otherwise`)];
  });
}

function listCertificateWords(facts: StartUpFacts): readonly string[] {
  const { isTrusted, askedFrom, authorityFingerprint } = facts.certificate;
  const { port, hosts, config } = facts;
  const [host] = hosts;
  const asked =
    askedFrom === undefined
      ? []
      : [
          isTrusted === true
            ? `Its certificate is from ${askedFrom}, whose terms of service you agree to.`
            : `A certificate is being asked for from ${askedFrom}; with that you agree to its terms of service.`,
        ];
  if (isTrusted !== false || host === undefined) return asked;
  const warning = 'Browsers will warn: this server made its certificate itself, so nobody vouches for it.';
  if (askedFrom !== undefined)
    return [...asked, `Until it is there, ${warning.slice(0, 1).toLowerCase()}${warning.slice(1)}`];
  const installing =
    authorityFingerprint === undefined
      ? []
      : [
          `Phones, and whoever wants no warning, install the certificate from ${toOrigin('http', host, port ?? 0)}${config.basePath}ca`,
          `and compare its fingerprint: ${authorityFingerprint.slice(0, 47)}`,
          `${' '.repeat(29)}${authorityFingerprint.slice(48)}`,
        ];
  return [warning, 'Where you trust the network, continue past the warning.', ...installing];
}

function listAddresses(facts: StartUpFacts): readonly string[] {
  const { port, hosts, config } = facts;
  if (port === undefined) return [];
  const [scheme, others] = config.httpOnly
    ? (['http', 'The proxy'] as const)
    : (['https', 'Others'] as const);
  return [
    ...(facts.isOnLoopback ? [line('This machine', toAddress(facts, 'localhost', 'http'))] : []),
    ...hosts.map((host, index) => line(index === 0 ? others : '', toAddress(facts, host, scheme))),
    ...listCertificateWords(facts).map((words) => line('', words)),
    '',
  ];
}

function listRelayPorts(config: StartUpFacts['config']): readonly string[] {
  const { turnPort, turnTlsPort, turnTransports } = config;
  const isTlsThere = turnTlsPort === undefined && turnTransports.includes('tls');
  const hasStreams = isTlsThere || turnTransports.includes('tcp');
  const transports = [...(turnTransports.includes('udp') ? ['UDP'] : []), ...(hasStreams ? ['TCP'] : [])];
  return [
    ...(transports.length === 0 ? [] : [`${turnPort} ${transports.join(' and ')}: relay`]),
    ...(turnTlsPort === undefined ? [] : [`${turnTlsPort} TCP: relay over TLS`]),
  ];
}

function listPorts({ config, port, signalPort, httpPort }: StartUpFacts): readonly string[] {
  const ports: string[] = [];
  const hasRelay = config.roles.includes('turn');
  if (port !== undefined) {
    const uses = [
      'pages',
      ...(signalPort === undefined ? [] : ['signaling']),
      ...(hasRelay ? ['relay'] : []),
    ];
    ports.push(`${port} TCP: ${uses.join(', ')}`);
  }
  if (hasRelay) {
    ports.push(...listRelayPorts(config));
    ports.push(`${config.relayPorts.min}-${config.relayPorts.max} UDP: relayed media`);
  }
  if (httpPort !== undefined) ports.push(`${httpPort} TCP: leads people to HTTPS`);
  if (signalPort !== undefined) {
    const whose = config.noLegacy ? 'pages' : 'pages, old ones too,';
    ports.push(`${signalPort} TCP: signaling for ${whose} served elsewhere`);
  }
  return ports.map((text, index) => line(index === 0 ? 'Ports' : '', text));
}

/** What the program prints when it is ready. */
export function renderStartUpText(facts: StartUpFacts): string {
  const next =
    facts.port === undefined ? '' : 'Open an address, start a call, and send its link to the others. ';
  return [
    '',
    `  Callbox is running${facts.config.roles.length === 3 ? '' : ` (${facts.config.roles.join(', ')})`}.`,
    '',
    ...listAddresses(facts),
    ...listBeliefs(facts),
    ...listPorts(facts),
    '',
    ...facts.notices.flatMap((notice) => [`  ${notice}`, '']),
    `  ${next}Ctrl-C ends the server.`,
    '',
    '',
  ].join('\n');
}
