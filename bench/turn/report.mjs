// Tables from what `run.mjs` has measured. Nothing is measured here, and nothing typed.
import { bootstrapInterval, median } from './statistics.mjs';

const digits = (number) => (number < 10 ? number.toFixed(2) : number.toFixed(number < 100 ? 1 : 0));
const cellOf = (numbers) =>
  numbers.length === 0 || numbers.some((number) => number === undefined) ? '-' : digits(median(numbers));

function fieldOf(row, name, field) {
  return (row.results[name] ?? []).map((result) => result[field]);
}

/** One beside another in the same round, so that what the machine did meanwhile falls out. */
export function ratioOf(row, name, field, other = 'coturn') {
  const theirs = new Map((row.results[other] ?? []).map((result) => [result.round, result[field]]));
  const ratios = (row.results[name] ?? [])
    .filter(({ round }) => theirs.has(round))
    .map((result) => result[field] / theirs.get(result.round));
  if (ratios.length === 0 || !ratios.every(Number.isFinite)) return undefined;
  const [low, high] = bootstrapInterval(ratios);
  return { median: median(ratios), low, high };
}

const ratioCell = (ratio) =>
  ratio === undefined ? '-' : `${digits(ratio.median)} (${digits(ratio.low)}-${digits(ratio.high)})`;

/** Every comparison with coturn: what it is, the field it is of, and what is wanted. */
function comparisons(rows) {
  return rows.flatMap((row) => {
    if (row.kind === 'media') {
      const { title, atMost, goal, delayAtMost, delayGoal } = row;
      const cost = { row, title, field: 'usPerPacket', atMost, goal };
      const delay = {
        row,
        title: `${title}: delay p99`,
        field: 'delayP99Ms',
        atMost: delayAtMost,
        goal: delayGoal,
      };
      return row.isPaced ? [cost, delay] : [cost];
    }
    if (row.kind === 'setUps')
      return [
        {
          row,
          title: 'allocate, permission and channel, per second',
          field: 'setUpsPerSecond',
          atLeast: 3,
          goal: 5,
        },
        { row, title: 'the same, processor time of each', field: 'usPerSetUp' },
      ];
    if (row.kind === 'memory')
      return [
        {
          row,
          title: 'memory of the first 1,000 allocations',
          field: 'mbFirstThousand',
          atMost: 1,
          goal: 0.5,
        },
        { row, title: 'memory of 1,000 more', field: 'mbPerThousand', atMost: 1, goal: 0.5 },
      ];
    return [];
  });
}

/** Two workers beside one process under the same load, and how evenly they share it. */
function workersLine(rows) {
  const row = rows.find(({ results }) => results.workers !== undefined);
  const ratio = row === undefined ? undefined : ratioOf(row, 'workers', 'usPerPacket', 'linux');
  if (ratio === undefined) return [];
  const shares = fieldOf(row, 'workers', 'firstWorkerShare').map((share) => Math.round(share * 100));
  return [
    `Two workers beside one process, ${row.title}: ${ratioCell(ratio)} of its processor time per packet (wanted: at most 1.10, goal 1.02); the first worker carried ${Math.min(...shares)}-${Math.max(...shares)} % of the packets (wanted: 40-60).`,
  ];
}

function wantedCell({ atMost, atLeast, goal }) {
  if (atMost !== undefined) return `at most ${atMost}, goal ${goal}`;
  return atLeast === undefined ? '' : `at least ${atLeast}, goal ${goal}`;
}

function isReached({ atMost, atLeast }, { median: value }) {
  return atMost === undefined ? value >= atLeast : value <= atMost;
}

function table(head, lines) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n');
}

function ratioTable(compared) {
  return table(
    ['load', '`linux` plane', '`dgram` plane', 'wanted of `linux`', 'reached'],
    compared.map((entry) => {
      const ratio = ratioOf(entry.row, 'linux', entry.field);
      const isWanted = entry.atMost !== undefined || entry.atLeast !== undefined;
      const verdict = !isWanted || ratio === undefined ? '' : isReached(entry, ratio) ? 'yes' : '**no**';
      return [
        entry.title,
        ratioCell(ratio),
        ratioCell(ratioOf(entry.row, 'dgram', entry.field)),
        wantedCell(entry),
        verdict,
      ];
    }),
  );
}

/** What the rows that are not media are called in a sentence. */
const NAMES = { setUps: 'setting up', memory: 'memory', ends: 'ending' };

const COLUMNS = {
  media: [
    ['us/packet', 'usPerPacket'],
    ['of it user', 'userShare'],
    ['softirq, us/packet', 'softirqUsPerPacket'],
    ['packets/s', 'packetsPerSecond'],
    ['lost', 'lostShare'],
    ['delay p50, ms', 'delayP50Ms'],
    ['delay p99, ms', 'delayP99Ms'],
  ],
  setUps: [
    ['set up per second', 'setUpsPerSecond'],
    ['us of processor each', 'usPerSetUp'],
    ['of it user', 'userShare'],
    ['of a core', 'busyShare'],
    ['of the load’s core', 'loadShare'],
  ],
  memory: [
    ['MB idle', 'idleMb'],
    ['MB, first 1,000', 'mbFirstThousand'],
    ['MB, 1,000 more', 'mbPerThousand'],
    ['the same by RSS: first', 'rssMbFirstThousand'],
    ['more', 'rssMbPerThousand'],
  ],
  ends: [
    ['ms until it has ended, under load: SIGTERM', 'endBySignalMs'],
    ['process.exit', 'endByExitMs'],
    ['an uncaught error', 'endByErrorMs'],
  ],
};

function figuresTable(rows, kind) {
  const columns = COLUMNS[kind];
  const ofKind = rows.filter((row) => row.kind === kind);
  if (ofKind.length === 0) return '';
  const lines = ofKind.flatMap((row) =>
    Object.keys(row.results).map((name) => [
      ...(kind === 'media' ? [row.title] : []),
      name,
      ...columns.map(([, field]) => cellOf(fieldOf(row, name, field))),
    ]),
  );
  const head = [...(kind === 'media' ? ['load'] : []), 'server', ...columns.map(([label]) => label)];
  return table(head, lines);
}

/** Where the `linux` plane costs more than coturn, or does less in the same time. */
function losses(compared) {
  const lost = compared.flatMap(({ row, title, field, atLeast }) => {
    const ratio = ratioOf(row, 'linux', field);
    const isWorse = ratio !== undefined && (atLeast === undefined ? ratio.median > 1 : ratio.median < 1);
    return isWorse ? [`- ${title}: ${ratioCell(ratio)}`] : [];
  });
  return lost.length === 0 ? 'In no row.' : lost.join('\n');
}

/** Rows of earlier runs, by what they are and when that was. */
function earlierLines(rows) {
  const byRun = new Map();
  for (const { title, measured } of rows) {
    if (measured === undefined) continue;
    const { date, rounds, loadAverage } = measured;
    const run = `on ${date}, ${rounds} rounds, load average ${loadAverage}`;
    byRun.set(run, [...(byRun.get(run) ?? []), NAMES[title] ?? title]);
  }
  return [...byRun].map(([run, titles]) => `Measured earlier (${run}): ${titles.join('; ')}.`);
}

/** All tables as one piece of Markdown. */
export function renderReport({ machine, rounds, runMs, rows }) {
  const compared = comparisons(rows);
  const priority = machine.goFirst ? ' Servers and load went before all else on their cores (SCHED_RR).' : '';
  const caution = machine.goFirst
    ? 'what else runs has its share of caches, memory and interrupts'
    : 'read the ratios, not the figures, and the delays not at all';
  const busy =
    machine.loadAverage > 3
      ? ` **The machine was busy (load average ${machine.loadAverage}): ${caution}.**`
      : '';
  return [
    `Measured on ${machine.date}: ${rounds} rounds of ${runMs / 1000} s, ${machine.cores} cores of ${machine.processor}, Linux ${machine.kernel}, Node ${machine.node}, koffi ${machine.koffi}, coturn ${machine.coturn}; load average ${machine.loadAverage}.${priority}${busy}`,
    ...earlierLines(rows),
    'Ours as a share of coturn in the same round: the median, and the interval of 95 %. Processor time per packet where nothing else is said.',
    ratioTable(compared),
    ...workersLine(rows),
    'Where the `linux` plane loses:',
    losses(compared),
    'Medians of the figures themselves:',
    ...['media', 'setUps', 'memory', 'ends']
      .map((kind) => figuresTable(rows, kind))
      .filter((text) => text !== ''),
  ].join('\n\n');
}
