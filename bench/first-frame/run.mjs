// `node bench/first-frame/run.mjs [--rounds 12] [--only NAME,NAME] [--profile] [--json FILE] [--quick]`
//
// From pressing Join to the first decoded frame of the one who is inside: our page, the page of the old client on the old protocol
// of our server, and the floor, one after the other in each round. Needs Chromium and `npm run build`.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bootstrapInterval, median } from '../turn/statistics.mjs';
import { contestants } from './contestants.mjs';
import { describeWay } from './describe-way.mjs';
import { findChromium, openWorld } from './world.mjs';

const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '12' },
    only: { type: 'string', default: '' },
    profile: { type: 'boolean', default: false },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});
const rounds = given.quick ? 1 : Number(given.rounds);
const chosen = contestants.filter(({ name }) => given.only === '' || given.only.split(',').includes(name));
const say = (line) => process.stdout.write(`${line}\n`);

if (findChromium() === null) {
  process.stderr.write('*** NOT RUN HERE: there is no Chromium on this machine\n');
  process.exit(process.env.CI === 'true' || !given.quick ? 1 : 0);
}

const world = await openWorld();
const results = new Map(chosen.map(({ name }) => [name, []]));
try {
  // What is compiled and cached on the way is so then, for everybody.
  if (!given.quick) for (const { run } of chosen) await run(world);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < chosen.length; turn += 1) {
      // Each goes first as often as the others.
      const { name, run } = chosen[(round + turn) % chosen.length];
      results.get(name).push(await run(world));
    }
  }
} finally {
  await world.close();
}

/** A round without a frame has ended all this: its page was waited for in vain. */
function saySizes() {
  for (const [name, [{ clock }]] of results) say(`${name}: a frame of ${clock.size}`);
}

function sayFigures() {
  const floor = results.get('floor')?.map(({ ms }) => ms);
  say('                 median   95 %              to the floor');
  for (const [name, found] of results) {
    const times = found.map(({ ms }) => ms);
    const [low, high] = bootstrapInterval(times);
    const ratios = floor?.map((ms, round) => times[round] / ms);
    const [least, most] = ratios === undefined ? [0, 0] : bootstrapInterval(ratios);
    const ratio =
      ratios === undefined ? '' : `${median(ratios).toFixed(2)}  (${least.toFixed(2)}-${most.toFixed(2)})`;
    const range = `${low.toFixed(0)}-${high.toFixed(0)} ms`;
    say(`${name.padEnd(14)} ${median(times).toFixed(0).padStart(5)} ms   ${range}`.padEnd(44) + ratio);
  }
}

if (given.quick) saySizes();
else sayFigures();
if (given.profile) for (const [name, found] of results) describeWay(name, found).forEach(say);
if (given.json !== undefined) writeFileSync(given.json, JSON.stringify([...results], null, 1));
