// Kills one slot's worker again and again under load: `node kills.mjs KIND KILLS SLOT JSON`.
// JSON may hold `how` (kill, throw, memory, spin, native, pointer), `spare`, `adopt`, `everyMs`.
import { pause, startLoad, startServer } from './harness.mjs';

const [kind, kills = '50', slot = '0', extra = '{}'] = process.argv.slice(2);
const { how = 'kill', everyMs = 180, ...options } = JSON.parse(extra);
const server = await startServer({ kind, ...options });
const load = await startLoad({ seconds: (Number(kills) * everyMs) / 1000 + 1.2 });
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
await pause(200);
const before = await server.ask('stats');
const results = [];
let over = false;
load.child.once('exit', () => (over = true));
for (let i = 0; i < Number(kills); i += 1) {
  const next = performance.now() + everyMs;
  if (options.spare) await server.ask('spareReady');
  results.push(await server.ask('fail', { slot: Number(slot), how }));
  if (results.at(-1) === undefined || over) break;
  await pause(Math.max(0, next - performance.now()));
}
await load.sent;
const after = await server.ask('stats');
const { groups, p99 } = await load.result;
const good = results.filter((r) => r?.replaced);
const other = groups[1 - Number(slot)];
const own = groups[Number(slot)];
const sum = (s) => s.memory.reduce((t, m) => t + (m?.ownKb ?? 0), 0);
console.log(
  JSON.stringify({
    kind,
    options: extra,
    replaced: `${good.length}/${results.length}`,
    killToDeadMs: [median(good.map((r) => r.diedMs)), Math.max(...good.map((r) => r.diedMs))].map(
      (x) => +x?.toFixed(1),
    ),
    deadToServingMs: [median(good.map((r) => r.gapMs)), Math.max(...good.map((r) => r.gapMs))].map(
      (x) => +x?.toFixed(1),
    ),
    reasons: [...new Set(results.map((r) => r?.reason))],
  }),
);
console.log('  other slot:', JSON.stringify(other));
console.log('  killed slot:', JSON.stringify(own), 'p99', p99?.toFixed(2));
if (before && after) {
  const c = (s) => s.counters[Number(slot)];
  console.log(
    '  unknown',
    c(after).unknown - c(before).unknown,
    'adopted',
    c(after).adopted - c(before).adopted,
    'kernel drops',
    after.drops,
    'beforeKb/afterKb',
    sum(before),
    sum(after),
    'fds',
    before.fds,
    after.fds,
    'ledger',
    before.ledger,
    after.ledger,
    'childFds',
    after.childFds.join(),
  );
}
await server.end();
