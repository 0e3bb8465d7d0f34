/* oxlint-disable no-console */
// Takes a picture of every screen and state, checks each with axe, and writes them with an index page.
//   npm run screenshots --workspace @callbox/web -- [--out DIR] [--only TEXT] [--size TEXT] [--quick]
// `--only` and `--size` take the states and the sizes whose name contains TEXT; `--quick` takes English and light only.

import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkWithAxe, openScene, openSceneSite } from './scene-site.mjs';
import { states } from './states.mjs';

const { values: args } = parseArgs({
  options: {
    out: { type: 'string', default: join(import.meta.dirname, '../../../artifacts/screenshots') },
    only: { type: 'string', default: '' },
    size: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
  },
});

// The small ones are taken once, in English and light: they prove that everything has room.
const sizes = [
  { name: 'desktop', width: 1440, height: 900, mobile: false, small: false },
  { name: 'phone', width: 390, height: 844, mobile: true, small: false },
  { name: 'smallest', width: 320, height: 568, mobile: true, small: true },
  { name: 'sideways', width: 844, height: 390, mobile: true, small: true },
  { name: 'forced-colours', width: 1024, height: 720, mobile: false, small: true, forcedColors: 'active' },
];

async function main() {
  const out = resolve(args.out);
  await mkdir(out, { recursive: true });
  const site = await openSceneSite(Number(args.port));

  const problems = [];
  const taken = [];
  for (const size of sizes.filter(({ name }) => name.includes(args.size))) {
    const themes = args.quick || size.small ? ['light'] : ['light', 'dark'];
    const locales = args.quick || size.small ? ['en'] : ['en', 'zh-CN'];
    for (const theme of themes) {
      for (const locale of locales) {
        const context = await site.browser.newContext({
          viewport: { width: size.width, height: size.height },
          isMobile: size.mobile,
          hasTouch: size.mobile,
          locale,
          colorScheme: theme,
          forcedColors: size.forcedColors ?? 'none',
        });
        for (const state of states.filter(({ name }) => name.includes(args.only))) {
          const file = `${state.name}.${size.name}.${theme}.${locale}.png`;
          const page = await openScene(context, site.origin, state, { theme, locale, label: file }, problems);
          await page.screenshot({ path: join(out, file), fullPage: state.whole === true });
          await checkWithAxe(page, file, problems, { forcedColors: size.forcedColors !== undefined });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
          if (wide) problems.push(`${file}: the page is wider than the window`);
          await page.close();
          taken.push({ file, state: state.name });
        }
        await context.close();
      }
    }
  }
  await site.close();

  const figures = taken.map(
    ({ file }) => `<figure><img src="${file}" loading="lazy"><figcaption>${file}</figcaption></figure>`,
  );
  await writeFile(
    join(out, 'index.html'),
    `<!doctype html><meta charset="utf-8"><title>Callbox, every screen</title><style>body{font:14px system-ui;display:grid;grid-template-columns:repeat(auto-fill,minmax(420px,1fr));gap:16px}figure{margin:0}img{width:100%}</style>${figures.join('')}`,
  );
  console.log(`${taken.length} pictures in ${out}`);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

await main();
