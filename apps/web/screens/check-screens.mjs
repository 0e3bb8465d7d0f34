/* oxlint-disable no-console */
// Holds every screen and state to what is kept of it, in both languages:
// - its accessibility tree is the one in trees/LOCALE.txt, in the light theme and in the dark one;
// - axe finds nothing in either theme;
// - nothing is wider than a window of 320 pixels, nor than one of 640 x 400: a screen of 1280 x 800 at 200 %.
//   npm run check:screens --workspace @callbox/web -- [--only TEXT] [--locale en|zh-CN] [--update]
// `--update` writes the trees anew: read the difference before it is committed.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkWithAxe, openScene, openSceneSite } from './scene-site.mjs';
import { states } from './states.mjs';

const { values: args } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    locale: { type: 'string', multiple: true, default: ['en', 'zh-CN'] },
    update: { type: 'boolean', default: false },
  },
});
const locales = args.locale;
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
    .replaceAll(/\d{1,2}:\d{2}(:\d{2})?( [AP]M)?/g, '0:00')
    .replaceAll(/\d[\d.,]*(?= ?(?:kb\/s|Mb\/s|MB|KB|ms|%|秒|seconds?\b|毫秒))/g, '0')
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

/** Waits for what moves once and ends, as colours do when the theme changes. */
async function comeToRest(page) {
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter((animation) => animation.effect?.getTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map((animation) => animation.finished));
  });
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

/** Looks at one state; with `kept`, the tree it is held to. Returns the tree it has. */
async function checkState(context, origin, state, { locale, kept }, problems) {
  const label = `${state.name}, ${locale}`;
  const page = await openScene(context, origin, state, { locale, theme: 'auto', label }, problems);
  // What screen readers are told comes sentence by sentence.
  if (kept === undefined) await page.waitForTimeout(1500);
  const light = kept === undefined ? await readTree(page) : await readTreeAtRest(page, kept);
  if (locale === 'en') await checkWithAxe(page, `${label}, light`, problems);

  await page.emulateMedia({ colorScheme: 'dark' });
  await comeToRest(page);
  const dark = await readTreeAtRest(page, light.trim());
  if (dark !== light)
    problems.push(`${label}: in the dark theme the tree is another:\n${differ(light, dark)}`);
  if (kept !== undefined && light.trim() !== kept)
    problems.push(`${label}: the tree is not the one that is kept:\n${differ(kept, light.trim())}`);
  if (locale === 'en') await checkWithAxe(page, `${label}, dark`, problems);

  for (const size of narrow) {
    await page.setViewportSize(size);
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (excess > 0)
      problems.push(`${label}: ${excess} pixels wider than a window of ${size.width} x ${size.height}`);
  }
  await page.close();
  return light;
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
  });
  for (const state of states.filter(({ name }) => name.includes(args.only))) {
    const held = { locale, kept: args.update ? undefined : (kept.get(state.name) ?? '') };
    const first = [];
    let tree = await checkState(context, site.origin, state, held, first);
    await context.clearCookies();
    if (first.length > 0 && !args.update) {
      // A page that a busy machine held up is looked at once more; what is really wrong is wrong again.
      console.error(`a second look, since the first found:\n${first.join('\n')}`);
      tree = await checkState(context, site.origin, state, held, problems);
      await context.clearCookies();
    } else problems.push(...first);
    found.set(state.name, tree.trim());
  }
  await context.close();
  if (args.update) await writeTrees(locale, new Map([...kept, ...found]));
  else
    for (const name of kept.keys())
      if (!states.some((state) => state.name === name))
        problems.push(`${name}, ${locale}: a tree is kept of a state that is no more`);
  return found.size;
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
  try {
    for (const locale of locales) count += await checkLocale(site, locale, problems);
  } finally {
    await site.close();
  }
  for (const problem of problems) console.error(problem);
  console.log(`${count} screens looked at, ${problems.length} problems`);
  if (count === 0 || problems.length > 0) process.exitCode = 1;
}

await main();
