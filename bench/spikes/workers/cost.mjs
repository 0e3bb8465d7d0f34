// Processor time per relayed packet, threads beside processes, interleaved: server on core 0, load on core 1.
import { pause, startLoad, startServer } from './harness.mjs';

const rounds = Number(process.argv[2] ?? 5);
const load = {
  seconds: 3,
  clients: 50,
  perSecond: 300,
  size: 1204,
  tickMs: 10,
  core: '1',
  ...JSON.parse(process.argv[3] ?? '{}'),
};
const variants = JSON.parse(process.argv[4] ?? '[{"kind":"threads"},{"kind":"processes"}]');
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
const results = variants.map(() => []);
for (let round = 0; round < rounds; round += 1) {
  for (const [i, { load: extra, ...variant }] of variants.entries()) {
    const server = await startServer({ core: '0', ...variant });
    const running = await startLoad({ ...load, ...extra });
    const before = await server.ask('stats');
    await running.sent;
    const after = await server.ask('stats');
    const { groups, p50, p99 } = await running.result;
    const total = (s, pick) => s.counters.reduce((sum, c) => sum + pick(c), 0);
    const relayed = (s) => total(s, (c) => c.up + c.down + c.ring);
    const packets = relayed(after) - relayed(before);
    const ns = [after, before].map((s) => s.runtime.reduce((a, b) => a + b, 0));
    const spent = [0, 1].map(
      (m) => after.cpu.reduce((sum, c) => sum + c[m], 0) - before.cpu.reduce((sum, c) => sum + c[m], 0),
    );
    const sent = groups.reduce((sum, g) => sum + g.sent, 0);
    const lost = groups.reduce((sum, g) => sum + g.lost, 0);
    results[i].push({
      user: (spent[0] * 1e4) / packets,
      system: (spent[1] * 1e4) / packets,
      p50,
      p99,
      total: (ns[0] - ns[1]) / 1e3 / packets,
      perMessage: (ns[0] - ns[1]) / 1e3 / sent,
      packets,
      lost,
      beats: total(after, (c) => c.beats) - total(before, (c) => c.beats),
      pss: after.memory.reduce((s, m) => s + m.pssKb, 0),
      own: after.memory.reduce((s, m) => s + m.ownKb, 0),
      joined: total(after, (c) => c.joined),
      ring: total(after, (c) => c.ring),
      full: total(after, (c) => c.ringFull),
    });
    await server.end();
    await pause(1500);
  }
}
for (const [i, list] of results.entries()) {
  const m = Object.fromEntries(
    Object.keys(list[0]).map((key) => [key, +median(list.map((r) => r[key])).toFixed(2)]),
  );
  console.log(
    JSON.stringify(variants[i]),
    JSON.stringify(m),
    'all us/packet:',
    list.map((r) => r.total.toFixed(2)).join(' '),
  );
}
