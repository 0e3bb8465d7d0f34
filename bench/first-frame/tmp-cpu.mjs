import { setTimeout as sleep } from 'node:timers/promises';
import { installClock } from './page-clock.mjs';
import { openWorld } from './world.mjs';
const world = await openWorld();
const address = (n) => `${world.origin}/r/first-frame-${n}`;
async function open() {
  const context = await world.browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
  await context.grantPermissions(['camera', 'microphone']);
  await context.addInitScript(installClock);
  return { context, page: await context.newPage() };
}
const ready = () => document.querySelector('.preview__video--visible') !== null;
const press = ({ page }) => page.getByRole('button', { name: 'Join', exact: true }).click();
for (let n = 0; n < 4; n++) {
  const [a, b] = [await open(), await open()];
  await a.page.goto(address(n)); await a.page.waitForFunction(ready); await press(a);
  await a.page.waitForFunction(() => document.querySelector('[role="toolbar"]') !== null);
  await b.page.goto(address(n)); await b.page.waitForFunction(ready); await sleep(1000);
  const sessions = [];
  for (const p of [a, b]) { const s = await p.context.newCDPSession(p.page); await s.send('Profiler.enable'); await s.send('Profiler.setSamplingInterval', { interval: 250 }); await s.send('Profiler.start'); sessions.push(s); }
  await press(b);
  await b.page.waitForFunction(() => globalThis.firstFrameClock.decodedAt !== null);
  const clock = await b.page.evaluate(() => globalThis.firstFrameClock);
  console.log('\nROUND', n, (clock.decodedAt - clock.pressedAt).toFixed(0));
  for (const [i, who] of ['inside', 'joiner'].entries()) {
    const { profile } = await sessions[i].send('Profiler.stop');
    if (n === 0) continue;
    const byId = new Map(profile.nodes.map((x) => [x.id, x]));
    const parent = new Map(); for (const x of profile.nodes) for (const c of x.children ?? []) parent.set(c, x.id);
    const label = (x) => `${x.callFrame.functionName || '(anon)'}@${x.callFrame.url.split('/').pop().slice(0, 8)}:${x.callFrame.lineNumber}:${x.callFrame.columnNumber}`;
    // merge contiguous samples by stack into intervals
    const stackOf = (id) => { const out = []; while (id !== undefined) { const x = byId.get(id); if (!['(root)'].includes(x.callFrame.functionName)) out.unshift(label(x)); id = parent.get(id); } return out; };
    const self = new Map(); 
    profile.samples.forEach((id, k) => { const d = profile.timeDeltas[k + 1] ?? 0; const s = stackOf(id).join(' > '); if (/^\(idle\)|^\(program\)/.test(s)) return; self.set(s, (self.get(s) ?? 0) + d); });
    console.log(who, [...self].sort((x, y) => y[1] - x[1]).slice(0, 14).map(([s, d]) => `\n   ${(d / 1000).toFixed(1)} ms  ${s.split(' > ').slice(-6).join(' > ')}`).join(''));
  }
  await a.context.close(); await b.context.close();
}
await world.close();
