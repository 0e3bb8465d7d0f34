// `sudo node bench/turn/run.mjs [--rounds 10] [--minutes 4] [--seconds 1] [--only WORDS] [--servers linux,coturn,dgram,workers,floor] [--json FILE] [--publish] [--quick]`
//
// Runs the same load against our server on both planes and against Debian's coturn, in turn, and prints medians and ratios.
// Needs root (namespaces), two cores, coturn, and `npm run build`. `--publish` writes the tables of docs/performance.md.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.mjs';
import { loadAddress, openNetwork, serverAddress } from './network.mjs';
import {
  coreTicks,
  memoryOf,
  processorTime,
  startCoturn,
  startFloor,
  startLoad,
  startOurs,
} from './processes.mjs';
import { publish } from './publish.mjs';
import { chores, scenarios, servers } from './scenarios.mjs';
import { renderReport } from './report.mjs';
import { requireSurroundings } from './require-surroundings.mjs';

const CORE = { server: 0, load: 1 };
/** One second is wanted; a busy machine may not let anybody end sooner. */
const MAX_END_MS = 5000;
const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    minutes: { type: 'string', default: 'Infinity' },
    seconds: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    servers: { type: 'string', default: 'linux,coturn,dgram,workers,floor' },
    json: { type: 'string' },
    publish: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    'no-chores': { type: 'boolean', default: false },
  },
});
const rounds = given.quick ? 1 : Number(given.rounds);
const runMs = given.quick ? 300 : Number(given.seconds) * 1000;
const wanted = given.servers.split(',');
const hasSetUps = given.only === 'set-ups';
const hasChores = given.only === 'chores' || (given.only === '' && !given['no-chores'] && !given.quick);
const chosen = scenarios.filter(
  ({ name, isQuick }) => (!given.quick || isQuick === true) && name.includes(given.only),
);

requireSurroundings({ isForgiven: given.quick });
const network = openNetwork();
const say = (line) => process.stdout.write(`${line}\n`);

/** Those that have a turn in a round, beginning with another one each time. */
function turnsOf(round) {
  const some = servers.filter(
    ({ name, everyRounds = 1, isFloor = false }) =>
      wanted.includes(name) && round % everyRounds === 0 && (!isFloor || hasChores || hasSetUps),
  );
  return some.map((_, index) => some[(index + round) % some.length]);
}

function start({ isCoturn, isFloor, options }, index) {
  const address = serverAddress(index);
  const place = [network.names.server, CORE.server];
  let starting;
  if (isCoturn === true) starting = startCoturn(...place, address);
  else if (isFloor === true) starting = startFloor(...place, { address });
  else starting = startOurs(...place, { ...options, address });
  return starting.then((server) => ({ ...server, address, hasWorkers: options?.workers > 1 }));
}

let loads = 0;
function openLoad(server, options) {
  loads += 1;
  const addresses = { server: server.address, ip: loadAddress(loads) };
  return startLoad(network.names.load, CORE.load, { ...options, ...addresses });
}

async function withLoad(server, options, job) {
  const load = await openLoad(server, options);
  try {
    return await job(load);
  } finally {
    await load.end();
  }
}

/**
 * Packets that are carried before anything is measured: by a server that was just started, under the first of all loads, and for each row.
 * What is compiled on the way is compiled then; V8 does that beside the server, on its core.
 */
const WARM_UP = { server: 200_000, udp: 10_000, tcp: 30_000, tls: 30_000 };
/** How often, and for how long, servers take turns in a row by the clock. */
const PAIRS = 4;
const PAIR_MS = 400;

async function warmUp(load, packets) {
  const beganAt = performance.now();
  for (let carried = 0; carried < packets && performance.now() - beganAt < 20_000;) {
    carried += (await load.ask('run', { ms: 100 })).arrived;
  }
}

/** Packets that each worker has carried. */
async function carriedByWorkers({ ask, hasWorkers }) {
  if (!hasWorkers) return [];
  return (await ask('figures')).workers.map(({ packets }) => packets);
}

async function warmUpServer(server) {
  if (given.quick) return;
  await withLoad(server, scenarios[0], async (load) => {
    await load.ask('setUp');
    await warmUp(load, WARM_UP.server);
  });
}

async function prepare(load, { transport }) {
  await load.ask('setUp');
  await warmUp(load, given.quick ? 1 : WARM_UP[transport]);
}

async function measureRun(server, load, ms) {
  const carriedBefore = await carriedByWorkers(server);
  const [before, coreBefore] = [processorTime(server.pid), coreTicks(CORE.server)];
  let run = await load.ask('run', { ms });
  // A busy machine may give a short run no time at all.
  for (let tries = 0; given.quick && run.arrived === 0 && tries < 20; tries += 1) {
    run = await load.ask('run', { ms });
  }
  const [after, coreAfter] = [processorTime(server.pid), coreTicks(CORE.server)];
  const carried = (await carriedByWorkers(server)).map((packets, slot) => packets - carriedBefore[slot]);
  const end = await load.ask('settle');
  const user = after.userTicks - before.userTicks;
  const system = after.systemTicks - before.systemTicks;
  return {
    usPerPacket: (after.us - before.us) / run.arrived,
    userShare: user / Math.max(1, user + system),
    softirqUsPerPacket: ((coreAfter.softirq - coreBefore.softirq) * 10_000) / run.arrived,
    packetsPerSecond: (run.arrived * 1000) / ms,
    lostShare: end.lost / Math.max(1, end.sent),
    wrong: end.wrong,
    firstWorkerShare:
      carried.length === 0 ? undefined : carried[0] / carried.reduce((sum, packets) => sum + packets, 0),
    delayP50Ms: end.delayMs?.p50,
    delayP99Ms: end.delayMs?.p99,
  };
}

/** One after the other, each once. */
async function measureEach(contestants, scenario, take) {
  for (const [index, server] of contestants.entries()) {
    await withLoad(server, scenario, async (load) => {
      await prepare(load, scenario);
      take(index, 0, await measureRun(server, load, runMs));
    });
  }
}

/** By the clock what the machine does in a moment decides: servers take turns several times, under loads that stay. */
async function measureInTurns(contestants, scenario, take) {
  const [turns, ms] = given.quick ? [1, runMs] : [PAIRS, PAIR_MS];
  const open = [];
  try {
    for (const server of contestants) {
      const load = await openLoad(server, scenario);
      open.push(load);
      await prepare(load, scenario);
    }
    for (let turn = 0; turn < turns; turn += 1) {
      for (const [index, server] of contestants.entries())
        take(index, turn / turns, await measureRun(server, open[index], ms));
    }
  } finally {
    for (const load of open) await load.end();
  }
}

/** Allocate, CreatePermission and ChannelBind, by a server that has done it before. */
async function measureSetUps(server) {
  const { warmUp: before, allocations, atOnce } = chores.setUps;
  await withLoad(server, { allocations: before, atOnce }, (load) => load.ask('setUp'));
  return withLoad(server, { allocations, atOnce }, async (load) => {
    await load.ask('open');
    const earlier = processorTime(server.pid);
    const { ms, spentMs } = await load.ask('setUp');
    const later = processorTime(server.pid);
    const us = later.us - earlier.us;
    const user = later.userTicks - earlier.userTicks;
    return {
      setUpsPerSecond: (allocations * 1000) / ms,
      usPerSetUp: us / allocations,
      userShare: user / Math.max(1, user + later.systemTicks - earlier.systemTicks),
      busyShare: us / 1000 / ms,
      loadShare: spentMs / ms,
    };
  });
}

/** What allocations with a permission and a channel take: the first ones of a server just started, and more behind them. */
async function measureMemory(contestant) {
  const { first, more } = chores.memory;
  const server = await start(contestant, 0);
  const end = [];
  const grow = async (allocations) => {
    const before = memoryOf(server.pid);
    loads += 1;
    const addresses = { server: server.address, ip: loadAddress(loads) };
    const load = await startLoad(network.names.load, CORE.load, { allocations, ...addresses });
    end.push(load);
    await load.ask('setUp');
    const after = memoryOf(server.pid);
    const perThousand = (field) => ((after[field] - before[field]) / 1024 / allocations) * 1000;
    return { pss: perThousand('pssKb'), rss: perThousand('rssKb'), idleMb: before.pssKb / 1024 };
  };
  try {
    const begun = await grow(first);
    const grown = await grow(more);
    return {
      idleMb: begun.idleMb,
      mbFirstThousand: begun.pss,
      mbPerThousand: grown.pss,
      rssMbFirstThousand: begun.rss,
      rssMbPerThousand: grown.rss,
    };
  } finally {
    for (const load of end) await load.end({ isKept: true });
    await server.end();
  }
}

/** How one of ours may be made to end, in the middle of a load. */
const ENDINGS = {
  endBySignalMs: ({ pid }) => process.kill(pid, 'SIGTERM'),
  endByExitMs: ({ ask }) => void ask('exit').catch(() => undefined),
  endByErrorMs: ({ ask }) => void ask('fail').catch(() => undefined),
};

async function measureEnding(contestant, makeEnd) {
  const server = await start({ ...contestant, options: { ...contestant.options, mayFail: true } }, 0);
  loads += 1;
  const load = await startLoad(network.names.load, CORE.load, {
    ...scenarios[0],
    server: server.address,
    ip: loadAddress(loads),
  });
  try {
    await load.ask('setUp');
    const running = load.ask('run', { ms: 1000 });
    await new Promise((resolve) => void setTimeout(resolve, 500));
    const beganAt = performance.now();
    makeEnd(server);
    await server.ended;
    const ms = performance.now() - beganAt;
    await running;
    return ms;
  } finally {
    // There is nobody left to give anything back to.
    await load.end({ isKept: true });
    await server.end();
  }
}

async function measureEnds(contestant) {
  const result = {};
  for (const [field, makeEnd] of Object.entries(ENDINGS)) {
    result[field] = await measureEnding(contestant, makeEnd);
    if (result[field] > MAX_END_MS)
      throw new Error(`${contestant.name}: ${field} is ${Math.round(result[field])}`);
  }
  return result;
}

const rows = [];
function note(row, name, result) {
  const { title } = row;
  let known = rows.find((candidate) => candidate.title === title);
  if (known === undefined) {
    known = { ...row, results: {} };
    rows.push(known);
  }
  (known.results[name] ??= []).push(result);
}

function check(title, name, { packetsPerSecond, wrong }) {
  if (packetsPerSecond === 0 || wrong > 0)
    throw new Error(`${title}: no packets, or wrong ones, came through ${name}`);
}

async function playRound(round) {
  const turns = turnsOf(round);
  // Side by side: who has no load costs nothing.
  const running = await Promise.all(turns.map(start));
  try {
    for (const [index, { isFloor = false }] of turns.entries()) {
      if (!isFloor && chosen.length > 0) await warmUpServer(running[index]);
    }
    for (const {
      name: title,
      atMost,
      goal,
      delayAtMost,
      delayGoal,
      isPaced,
      isForWorkers = false,
      ...scenario
    } of chosen) {
      const row = { kind: 'media', title, isPaced, atMost, goal, delayAtMost, delayGoal };
      const some = turns
        .map(({ name, isExtra = false, isFloor = false }, index) => ({
          name,
          server: running[index],
          isMeant: !isFloor && (!isExtra || isForWorkers),
        }))
        .filter(({ isMeant }) => isMeant);
      const measureAll = isPaced === true ? measureInTurns : measureEach;
      await measureAll(
        some.map(({ server }) => server),
        scenario,
        (index, partOfRound, result) => {
          const { name } = some[index];
          check(title, name, result);
          note(row, name, { round: round + partOfRound, ...result });
        },
      );
    }
    if (hasChores || hasSetUps) {
      for (const [index, { name, isExtra = false, isFloor = false }] of turns.entries()) {
        if (isExtra && !isFloor) continue;
        const result = await measureSetUps(running[index]);
        note({ kind: 'setUps', title: 'setUps' }, name, { round, ...result });
      }
    }
  } finally {
    for (const server of running) await server.end();
  }
  for (const contestant of turns) {
    const { name, isCoturn = false, isExtra = false } = contestant;
    if (hasChores && !isExtra)
      note({ kind: 'memory', title: 'memory' }, name, { round, ...(await measureMemory(contestant)) });
    if (!isCoturn && name !== 'floor' && round === 0 && (hasChores || given.quick))
      note({ kind: 'ends', title: 'ends' }, name, { round, ...(await measureEnds(contestant)) });
  }
}

let played = 0;
const beganAt = Date.now();
try {
  let longestMs = 0;
  while (played < rounds && Date.now() - beganAt + longestMs < Number(given.minutes) * 60_000) {
    const roundBeganAt = Date.now();
    await playRound(played);
    played += 1;
    longestMs = Math.max(longestMs, Date.now() - roundBeganAt);
    process.stderr.write(`round ${played} of ${rounds}, ${Math.round((Date.now() - beganAt) / 1000)} s\n`);
  }
} finally {
  network.close();
}
const report = { machine: describeMachine(), rounds: played, runMs, rows };
say(renderReport(report));
if (given.json !== undefined) writeFileSync(given.json, JSON.stringify(report, undefined, 1));
if (given.publish) await publish(report);
