import { toUrlHost } from './network/host.ts';
import type { Config } from './config/config.ts';

/** What is worth telling once everything listens. */
export interface StartUpFacts {
  readonly config: Pick<Config, 'roles' | 'turnPort' | 'relayPorts' | 'httpOnly' | 'basePath'>;
  /** The ports that were opened; undefined where the part does not run here. */
  readonly port: number | undefined;
  readonly signalPort: number | undefined;
  /** The pages can be opened as `localhost`. */
  readonly isOnLoopback: boolean;
  /** Names and addresses by which others reach the pages, best first. */
  readonly hosts: readonly string[];
  readonly hasOwnCertificate: boolean;
  readonly notices: readonly string[];
}

const column = 16;

function line(term: string, text: string): string {
  return `  ${term.padEnd(column)}${text}`;
}

function listAddresses(facts: StartUpFacts): readonly string[] {
  if (facts.port === undefined) return [];
  const lines: string[] = [];
  const { httpOnly, basePath } = facts.config;
  const [scheme, others] = httpOnly ? ['http', 'The proxy'] : ['https', 'Others'];
  const rest = `:${facts.port}${basePath === '/' ? '' : basePath}`;
  if (facts.isOnLoopback) lines.push(line('This machine', `http://localhost${rest}`));
  facts.hosts.forEach((host, index) => {
    lines.push(line(index === 0 ? others : '', `${scheme}://${toUrlHost(host)}${rest}`));
  });
  if (facts.hosts.length > 0 && !facts.hasOwnCertificate && !httpOnly) {
    lines.push(
      line('', 'Browsers will warn: this server made its certificate itself, so nobody vouches for it.'),
      line('', 'Where you trust the network, continue past the warning.'),
    );
  }
  return [...lines, ''];
}

function listPorts({ config, port, signalPort }: StartUpFacts): readonly string[] {
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
    ports.push(`${config.turnPort} UDP and TCP: relay`);
    ports.push(`${config.relayPorts.min}-${config.relayPorts.max} UDP: relayed media`);
  }
  if (signalPort !== undefined) ports.push(`${signalPort} TCP: signaling for pages served elsewhere`);
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
    ...listPorts(facts),
    '',
    ...facts.notices.flatMap((notice) => [`  ${notice}`, '']),
    `  ${next}Ctrl-C ends the server.`,
    '',
    '',
  ].join('\n');
}
