import { formatOctets } from './format-octets.ts';
import type { ExtensionStatus } from '../extension.ts';
import type { BudgetStatus, RelayStatus, ServerStatus, WorkerStatus } from './server-status.ts';

const column = 16;

function line(term: string, text: string): string {
  return `  ${term.padEnd(column)}${text}`;
}

/** A length of time for people: its two greatest units. */
export function formatDuration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [Math.floor(seconds) % 60, 's'],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  const shown = first === -1 ? parts.slice(-1) : parts.slice(first, first + 2);
  return shown.map(([amount, unit]) => `${amount} ${unit}`).join(' ');
}

function renderBudget({ month, sentOctets, limitOctets }: BudgetStatus): string {
  const sent = `${formatOctets(sentOctets)} sent in ${month} (UTC)`;
  if (limitOctets === undefined) return `${sent}, without a limit`;
  const percent = Math.floor((sentOctets / limitOctets) * 100);
  return `${sent}, ${percent} % of ${formatOctets(limitOctets)}`;
}

const refusals = {
  drained: 'drained: it takes nobody new',
  'over-budget': 'over its budget: it takes nobody new',
} as const;

/** Who carries packets, and how busy each is. */
function renderCarriers(plane: string, workers: readonly WorkerStatus[]): readonly string[] {
  if (workers.length === 0) return [`the server alone, on the ${plane} plane`];
  return [
    `the server and ${workers.length} other processes, on the ${plane} plane`,
    ...workers.map(({ pid, relays, cores, packets }) => {
      const name = pid === undefined ? 'one that is not there yet' : `process ${pid}`;
      return `${name}: ${relays} relays, ${Math.round(cores * 100)} % of a core, ${packets} packets`;
    }),
  ];
}

function renderRelay({ refuses, gauges, plane, workers, counters, budget }: RelayStatus): readonly string[] {
  // That it drains has been said in words.
  const amounts = Object.entries(gauges).filter(([name]) => !name.startsWith('is_'));
  const now = amounts.map(([name, value]) => `${value} ${name.replaceAll('_', ' ')}`);
  return [
    line('Relay', refuses === undefined ? 'open' : refusals[refuses]),
    line('', now.join(', ')),
    ...renderCarriers(plane, workers).map((text, index) => line(index === 0 ? 'Carried by' : '', text)),
    line('Budget', renderBudget(budget)),
    '',
    '  Counted since the start (zeros left out)',
    ...renderCounters(counters),
  ];
}

function renderCounters(counters: Readonly<Record<string, number>>): readonly string[] {
  const counted = Object.entries(counters).filter(([, value]) => value > 0);
  const width = Math.max(0, ...counted.map(([name]) => name.length));
  return counted.map(([name, value]) => `    ${name.padEnd(width)}  ${value}`);
}

function renderExtension({ title, summary, counters }: ExtensionStatus): readonly string[] {
  return [line(title, summary), ...renderCounters(counters)];
}

function tellUnwritten({ unwritten }: { readonly unwritten: number }): string {
  return unwritten === 0 ? '' : `; the disk fails: ${unwritten} would not outlive the server`;
}

/** What `callbox status` prints. */
export function renderStatus(status: ServerStatus): string {
  const { version, roles, uptimeSeconds, rooms, relay, extensions } = status;
  return [
    line('Callbox', `${version} (${roles.join(', ')}), up ${formatDuration(uptimeSeconds)}`),
    ...(rooms === undefined
      ? []
      : [line('Rooms', `${rooms.rooms}, with ${rooms.participants} participants${tellUnwritten(rooms)}`)]),
    ...extensions.flatMap(renderExtension),
    ...(relay === undefined ? [] : renderRelay(relay)),
    '',
  ].join('\n');
}
