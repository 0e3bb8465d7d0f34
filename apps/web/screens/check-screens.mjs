/* oxlint-disable no-console */
// Holds every screen and state to what is kept of it. In both languages:
// - its accessibility tree is the one in trees/LOCALE.txt, in the light theme and in the dark one;
// - nothing is wider than a window of 320 pixels, nor than one of 640 x 400: a screen of 1280 x 800 at 200 %;
// - in those narrow windows no word is cut and no control lies over another;
// - axe finds nothing.
// In English, for what languages have nothing to do with:
// - axe's rules on colours find nothing in the dark theme, whose tree is the same;
// - nothing moves for who wants no motion, Tab leads to nothing that is hidden and shows where it is, what is pressed or filled
//   in has an edge in forced colours, and the keyboard leads where walk-keyboard.mjs says.
//   npm run check:screens --workspace @callbox/web -- [--only TEXT] [--locale en|zh-CN] [--update] [--quick]
// `--update` writes the trees anew: read the difference before it is committed. `--quick` looks at nothing but trees and widths.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkEdges, checkMotion, checkRoom, checkTabOrder } from './look-closely.mjs';
import { checkWithAxe, comeToRest, openScene, openSceneSite } from './scene-site.mjs';
import { states } from './states.mjs';
import { walkAll } from './walk-keyboard.mjs';

const { values: args } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [''] },
    locale: { type: 'string', multiple: true, default: ['en', 'zh-CN'] },
    update: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
});
const locales = args.locale;
const isWanted = ({ name }) => args.only.some((text) => name.includes(text));
const narrow = [
  { width: 320, height: 640 },
  { width: 640, height: 400 },
];
const folder = join(import.meta.dirname, 'trees');

/** The tree of a page, without what differs from run to run: the port, the browser, times, measured figures, who is speaking. */
async function readTree(page) {
  const tree = await page.locator('body').ariaSnapshot();
  return tree
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'http://callbox.example')
    .replaceAll(/time: \S+ browser: .*? secure page/g, 'time: … browser: … secure page')
    .replaceAll(/\d{1,2}:\d{2}(:\d{2})?(\s[AP]M)?/g, '0:00')
    .replaceAll(/(?:[A-Z][a-z]{2} \d{1,2}, |\d{1,2}月\d{1,2}日 ?)0:00/g, '0:00')
    .replaceAll(/\d[\d.,]*(?=\s?(?:kb\/s|Mb\/s|MB|KB|ms|%|秒|seconds?\b|毫秒))/g, '0')
    .replaceAll(/\b0 (second|minute)s?\b/g, '0 $1s')
    .replaceAll(/^ *- img "(?:Speaking|正在说话)"\n/gm, '')
    .replaceAll(/^( *)- listitem: (.*)$/gm, '$1- listitem:\n$1  - text: $2');
}

/** Reads trees/LOCALE.txt: a map from the state's name to its tree. */
async function readKept(locale) {
  const text = await readFile(join(folder, `${locale}.txt`), 'utf8').catch(() => '');
  const parts = text.split(/^# (\S+)\n/m).slice(1);
  return new Map(parts.flatMap((name, index) => (index % 2 === 0 ? [[name, parts[index + 1].trim()]] : [])));
}

/** The tree of a page once it is `kept`; where it does not become that within `withinMs` milliseconds, the one it has. */
async function readTreeAtRest(page, kept, withinMs = 5000) {
  const deadline = Date.now() + withinMs;
  let tree = await readTree(page);
  while (tree.trim() !== kept && Date.now() < deadline) {
    await page.waitForTimeout(200);
    tree = await readTree(page);
  }
  return tree;
}

/** The tree of a page after a moment: what screen readers are told comes sentence by sentence. */
async function readLater(page) {
  await page.waitForTimeout(1500);
  return (await readTree(page)).trim();
}

/** Looks at one state; with `kept`, the tree it is held to. Returns the tree it has. */
async function checkState(context, origin, state, { locale, kept }, problems) {
  const label = `${state.name}, ${locale}`;
  const variant = { locale, theme: 'auto', label, still: true };
  const page = await openScene(context, origin, state, variant, problems);
  const light = await readTreeAtRest(page, kept ?? (await readLater(page)));
  const closely = !args.quick;
  const inDepth = closely && locale === 'en';
  if (closely) await checkWithAxe(page, `${label}, light`, problems);

  await page.emulateMedia({ colorScheme: 'dark' });
  await comeToRest(page);
  const dark = await readTreeAtRest(page, light.trim());
  if (dark !== light)
    problems.push(`${label}: in the dark theme the tree is another:\n${differ(light, dark)}`);
  if (kept !== undefined && light.trim() !== kept)
    problems.push(`${label}: the tree is not the one that is kept:\n${differ(kept, light.trim())}`);
  if (inDepth) await checkWithAxe(page, `${label}, dark`, problems, { onlyColours: true });

  for (const size of narrow) await checkNarrow(page, size, { label, closely }, problems);
  if (inDepth) {
    await checkMotion(page, label, problems);
    await page.emulateMedia({ forcedColors: 'active' });
    await checkEdges(page, `${label}, forced colours`, problems);
    await checkTabOrder(page, `${label}, forced colours`, problems);
  }
  await page.close();
  return light;
}

/** Looks at the page in a small window. */
async function checkNarrow(page, size, { label, closely }, problems) {
  await page.setViewportSize(size);
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (excess > 0)
    problems.push(`${label}: ${excess} pixels wider than a window of ${size.width} x ${size.height}`);
  if (!closely) return;
  await comeToRest(page);
  await checkRoom(page, `${label}, ${size.width} x ${size.height}`, problems);
}

/** The same; what keeps it from being looked at is a problem, too, and then there is no tree. */
async function tryState(context, origin, state, held, problems) {
  try {
    return await checkState(context, origin, state, held, problems);
  } catch (error) {
    problems.push(`${state.name}, ${held.locale}: ${error.message}`);
    for (const page of context.pages()) await page.close();
    return null;
  } finally {
    await context.clearCookies();
  }
}

/** The lines that only one of two texts has. */
function differ(kept, found) {
  const before = kept.split('\n');
  const after = found.split('\n');
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `  - ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `  + ${line}`),
  ].join('\n');
}

async function checkLocale(site, locale, problems) {
  const kept = await readKept(locale);
  const found = new Map();
  const context = await site.browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale,
    timezoneId: 'UTC',
    colorScheme: 'light',
    // What moves costs most of the time, and proves nothing here.
    reducedMotion: 'reduce',
  });
  for (const state of states.filter(isWanted)) {
    const held = { locale, kept: args.update ? undefined : (kept.get(state.name) ?? '') };
    const first = [];
    let tree = await tryState(context, site.origin, state, held, first);
    if (first.length > 0 && (tree === null || !args.update)) {
      // A page that a busy machine held up is looked at once more; what is really wrong is wrong again.
      console.error(`a second look, since the first found:\n${first.join('\n')}`);
      tree = await tryState(context, site.origin, state, held, problems);
    } else problems.push(...first);
    tell(problems);
    if (tree === null) continue;
    found.set(state.name, tree.trim());
    if (args.update) await writeTrees(locale, new Map([...kept, ...found]));
  }
  await context.close();
  if (!args.update)
    for (const name of kept.keys())
      if (!states.some((state) => state.name === name))
        problems.push(`${name}, ${locale}: a tree is kept of a state that is no more`);
  return found.size;
}

let told = 0;

/** Says the problems that have come since the last time: who ends a run in the middle has those before. */
function tell(problems) {
  for (const problem of problems.slice(told)) console.error(problem);
  told = problems.length;
}

async function writeTrees(locale, trees) {
  await mkdir(folder, { recursive: true });
  const parts = states.flatMap(({ name }) => (trees.has(name) ? [`# ${name}\n${trees.get(name)}\n`] : []));
  await writeFile(join(folder, `${locale}.txt`), parts.join('\n'));
}

async function main() {
  const site = await openSceneSite();
  const problems = [];
  let count = 0;
  let walks = 0;
  try {
    for (const locale of locales) count += await checkLocale(site, locale, problems);
    if (locales.includes('en') && !args.quick) walks = await walkAll(site, isWanted, problems);
  } finally {
    await site.close();
  }
  tell(problems);
  console.log(`${count} screens looked at, ${walks} ways walked, ${problems.length} problems`);
  if (count + walks === 0 || problems.length > 0) process.exitCode = 1;
}

await main();
