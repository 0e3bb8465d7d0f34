// `node bench/turn/run.mjs [--rounds 10] [--seconds 2] [--only WORDS] [--servers linux,workers,dgram,coturn] [--json FILE] [--quick]`
//
// Runs the same load against our server on both planes and against Debian's coturn, one after the other in each round, and prints
// medians and ratios. Needs root (namespaces), two cores, coturn, and `npm run build`.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { openNetwork } from './network.mjs';
import { coreTicks, memoryKb, processorTime, startCoturn, startLoad, startOurs } from './processes.mjs';
import { chores, scenarios } from './scenarios.mjs';
import { bootstrapInterval, median } from './statistics.mjs';

const CORE = { server: 0, load: 1 };
/** Ours that are no plane by name. Workers share the server's core: what two cost beside one is the question. */
const OURS = { workers: { plane: 'linux', workers: 2 } };
const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    servers: { type: 'string', default: 'linux,dgram,coturn' },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
    'no-chores': { type: 'boolean', default: false },
  },
});
const rounds = given.quick ? 1 : Number(given.rounds);
const runMs = given.quick ? 300 : Number(given.seconds) * 1000;
const names = given.servers.split(',');
const chosen = scenarios.filter(
  ({ name, isQuick }) => (!given.quick || isQuick === true) && name.includes(given.only),
);

if (process.platform !== 'linux' || process.getuid?.() !== 0 || cpus().length < 2) {
  process.stderr.write(
    '*** NOT RUN HERE: the benchmark needs root on Linux, for namespaces, and two cores\n',
  );
  process.exit(process.env.CI === 'true' || !given.quick ? 1 : 0);
}
const network = openNetwork();
const say = (line) => process.stdout.write(`${line}\n`);

/** Runs something with a server and a load, and ends both. */
async function withBoth(name, options, job) {
  const server =
    name === 'coturn'
      ? await startCoturn(network.names.server, CORE.server)
      : await startOurs(network.names.server, CORE.server, OURS[name] ?? { plane: name });
  let load;
  try {
    load = await startLoad(network.names.load, CORE.load, options);
    return await job(server, load);
  } finally {
    await load?.end();
    await server.end();
  }
}

/** What is compiled on the way is compiled then, however slow the machine is at the moment. */
async function warmUp(load) {
  const wanted = given.quick ? 1 : 30_000;
  const beganAt = performance.now();
  for (let carried = 0; carried < wanted && performance.now() - beganAt < 20_000;) {
    carried += (await load.ask('run', { ms: 300 })).arrived;
  }
}

/** Packets that each worker has carried. */
async function carriedByWorkers(name, server) {
  if (name !== 'workers') return [];
  return (await server.ask('figures')).workers.map(({ packets }) => packets);
}

function measure(name, scenario) {
  return withBoth(name, scenario, async (server, load) => {
    await load.ask('setUp');
    await warmUp(load);
    const carriedBefore = await carriedByWorkers(name, server);
    const [before, coreBefore] = [processorTime(server.pid), coreTicks(CORE.server)];
    let run = await load.ask('run', { ms: runMs });
    // A busy machine may give a short run no time at all.
    for (let tries = 0; given.quick && run.arrived === 0 && tries < 20; tries += 1) {
      run = await load.ask('run', { ms: runMs });
    }
    const [after, coreAfter] = [processorTime(server.pid), coreTicks(CORE.server)];
    const carried = (await carriedByWorkers(name, server)).map(
      (packets, slot) => packets - carriedBefore[slot],
    );
    const end = await load.ask('settle');
    const softirq = (coreAfter.softirq - coreBefore.softirq) * 10_000;
    const user = after.userTicks - before.userTicks;
    const system = after.systemTicks - before.systemTicks;
    return {
      usPerPacket: (after.us - before.us) / run.arrived,
      userShare: user / Math.max(1, user + system),
      softirqUsPerPacket: softirq / run.arrived,
      packetsPerSecond: (run.arrived * 1000) / runMs,
      lostShare: end.lost / Math.max(1, end.sent),
      wrong: end.wrong,
      firstWorkerShare: carried[0] / carried.reduce((sum, packets) => sum + packets, 0),
      delayP50Ms: end.delayMs?.p50,
      delayP99Ms: end.delayMs?.p99,
    };
  });
}

/** Allocations that are made, permitted and bound in a second, by a server that has made as many before. */
function measureSetUps(name) {
  const options = { allocations: chores.setUps.allocations };
  return withBoth(name, options, async (server, load) => {
    const first = await startLoad(network.names.load, CORE.load, options);
    await first.ask('setUp');
    const before = processorTime(server.pid);
    const { ms } = await load.ask('setUp');
    // Not before: its ports would be free, and whoever got one would find an allocation there.
    await first.end();
    const us = processorTime(server.pid).us - before.us;
    return {
      setUpsPerSecond: (chores.setUps.allocations * 1000) / ms,
      usPerSetUp: us / chores.setUps.allocations,
    };
  });
}

/** Memory that a thousand allocations with a permission and a channel take. */
function measureMemory(name) {
  return withBoth(name, { allocations: chores.memory.allocations }, async (server, load) => {
    const before = memoryKb(server.pid);
    await load.ask('setUp');
    const after = memoryKb(server.pid);
    return {
      idleMb: before / 1024,
      mbPerThousand: ((after - before) / 1024 / chores.memory.allocations) * 1000,
    };
  });
}

/** In each round all servers, beginning with another one each time. */
async function interleave(job) {
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length];
      results[name].push(await job(name));
    }
  }
  return results;
}

/** Two workers beside one process, in the same round, and what of the packets was the first one's. */
function sayWorkers({ linux, workers }) {
  const ratios = workers.map(({ usPerPacket }, round) => usPerPacket / linux[round].usPerPacket);
  const [low, high] = bootstrapInterval(ratios);
  const shares = workers.map(({ firstWorkerShare }) => firstWorkerShare * 100);
  say(
    `two workers to one process: ${format(median(ratios))} (${format(low)}-${format(high)}) us/packet; ` +
      `of the first worker ${format(Math.min(...shares))}-${format(Math.max(...shares))} % of the packets`,
  );
}

const format = (number) => (number === undefined ? '-' : number.toFixed(number < 10 ? 2 : 0));

/** Ours beside coturn in the same round, so that what the machine did meanwhile falls out. */
function ratio(results, name, field) {
  const theirs = results.coturn;
  if (theirs === undefined || name === 'coturn') return '';
  const ratios = results[name].map((result, round) => result[field] / theirs[round][field]);
  const [low, high] = bootstrapInterval(ratios);
  return `${format(median(ratios))} (${format(low)}-${format(high)})`;
}

function printTable(title, results, fields, ratioField) {
  say(`\n### ${title}\n`);
  say(`| server | ${fields.map(([label]) => label).join(' | ')} | ratio to coturn |`);
  say(`| --- | ${fields.map(() => '---').join(' | ')} | --- |`);
  for (const name of names) {
    const cells = fields.map(([, field]) => {
      const numbers = results[name].map((result) => result[field]);
      return numbers.every((number) => number !== undefined) ? format(median(numbers)) : '-';
    });
    say(`| ${name} | ${cells.join(' | ')} | ${ratio(results, name, ratioField)} |`);
  }
}

const all = {};
try {
  for (const { name: title, isPaced, ...scenario } of chosen) {
    const results = await interleave((name) => measure(name, scenario));
    all[title] = results;
    const delays = isPaced
      ? [
          ['delay p50 ms', 'delayP50Ms'],
          ['delay p99 ms', 'delayP99Ms'],
        ]
      : [];
    printTable(
      title,
      results,
      [
        ['us/packet', 'usPerPacket'],
        ['of it user', 'userShare'],
        ['softirq of the core, us/packet', 'softirqUsPerPacket'],
        ['packets/s', 'packetsPerSecond'],
        ['lost', 'lostShare'],
        ...delays,
      ],
      'usPerPacket',
    );
    if (names.includes('linux') && names.includes('workers')) sayWorkers(results);
    if (isPaced) for (const name of names) say(`delay p99, ${name}: ${ratio(results, name, 'delayP99Ms')}`);
    const stood = names.filter((name) =>
      results[name].some(({ packetsPerSecond, wrong }) => packetsPerSecond === 0 || wrong > 0),
    );
    if (stood.length > 0) throw new Error(`no packets, or wrong ones, came through ${stood.join(', ')}`);
  }
  const hasChores = given.only === 'chores' || (given.only === '' && !given['no-chores'] && !given.quick);
  if (hasChores) {
    all.setUps = await interleave(measureSetUps);
    printTable(
      'allocate, permission, channel',
      all.setUps,
      [
        ['per second', 'setUpsPerSecond'],
        ['us of processor', 'usPerSetUp'],
      ],
      'setUpsPerSecond',
    );
    all.memory = await interleave(measureMemory);
    printTable(
      'memory',
      all.memory,
      [
        ['MB idle', 'idleMb'],
        ['MB per 1,000 allocations', 'mbPerThousand'],
      ],
      'mbPerThousand',
    );
  }
  for (const name of names.filter((server) => server !== 'coturn')) {
    say(`\n${name}: ended ${format(await measureEnd(name))} ms after SIGTERM, under load`);
  }
} finally {
  network.close();
}
/** Ends ours by SIGTERM in the middle of a load; how long that took. */
function measureEnd(name) {
  return withBoth(name, scenarios[0], async (server, load) => {
    await load.ask('setUp');
    const running = load.ask('run', { ms: 1000 });
    await new Promise((resolve) => void setTimeout(resolve, 500));
    const beganAt = performance.now();
    process.kill(server.pid, 'SIGTERM');
    await server.ended;
    const ms = performance.now() - beganAt;
    await running;
    return ms;
  });
}

if (given.json !== undefined) writeFileSync(given.json, JSON.stringify({ rounds, runMs, all }, undefined, 1));
