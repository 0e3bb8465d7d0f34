/* oxlint-disable no-console */
// Takes a picture of every screen and state and writes them with an index page.
//   npm run screenshots --workspace @callbox/web -- [--out DIR] [--only TEXT] [--size TEXT] [--locale TEXT] [--quick] [--axe] [--small]
// `--only`, `--size` and `--locale` take the states, sizes and languages whose name contains TEXT; `--quick` takes English and
// light only; `--axe` has axe look at each, too, at sizes that check-screens does not look at; `--small` makes the little
// pictures of docs/screens, on a desktop and a telephone alone.

import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkWithAxe, comeToRest, openScene, openSceneSite } from './scene-site.mjs';
import { states } from './states.mjs';
import { writeIndex } from './write-index.mjs';

const { values: args } = parseArgs({
  options: {
    out: { type: 'string', default: join(import.meta.dirname, '../../../artifacts/screenshots') },
    only: { type: 'string', default: '' },
    size: { type: 'string', default: '' },
    locale: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    axe: { type: 'boolean', default: false },
    small: { type: 'boolean', default: false },
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

/** The picture as WebP, `width` pixels wide; `studio` is an empty page, in which it is made. */
async function shrink(studio, picture, width) {
  const shrunk = await studio.evaluate(
    async ([source, to]) => {
      const octets = Uint8Array.from(atob(source), (letter) => letter.codePointAt(0));
      const whole = await createImageBitmap(new Blob([octets]));
      const height = Math.round((whole.height * to) / whole.width);
      const small = await createImageBitmap(whole, {
        resizeWidth: to,
        resizeHeight: height,
        resizeQuality: 'high',
      });
      const canvas = new OffscreenCanvas(to, height);
      canvas.getContext('2d').drawImage(small, 0, 0);
      const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.72 });
      return btoa(String.fromCodePoint(...new Uint8Array(await blob.arrayBuffer())));
    },
    [picture.toString('base64'), width],
  );
  return Buffer.from(shrunk, 'base64');
}

async function takeState(context, site, state, { studio, size, locale, themes, out }, problems) {
  const label = `${state.name}.${size.name}.${locale}`;
  const page = await openScene(context, site.origin, state, { theme: 'auto', locale, label }, problems);
  for (const theme of themes) {
    if (theme !== 'light') {
      await page.emulateMedia({ colorScheme: theme });
      await comeToRest(page);
    }
    const file = `${state.name}.${size.name}.${theme}.${locale}.${args.small ? 'webp' : 'png'}`;
    const picture = await page.screenshot({ fullPage: state.whole === true });
    await writeFile(
      join(out, file),
      args.small ? await shrink(studio, picture, size.mobile ? 200 : 400) : picture,
    );
    if (args.axe) await checkWithAxe(page, file, problems, { forcedColors: size.forcedColors !== undefined });
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  if (wide) problems.push(`${label}: the page is wider than the window`);
  await page.close();
  return themes.length;
}

async function main() {
  const out = resolve(args.out);
  await mkdir(out, { recursive: true });
  const site = await openSceneSite(Number(args.port));
  const studio = await site.browser.newPage();

  const problems = [];
  let count = 0;
  const wanted = sizes.filter(({ name, small }) => name.includes(args.size) && !(args.small && small));
  for (const size of wanted) {
    const themes = args.quick || size.small ? ['light'] : ['light', 'dark'];
    const locales = args.quick || size.small ? ['en'] : ['en', 'zh-CN'];
    for (const locale of locales.filter((each) => each.includes(args.locale))) {
      const context = await site.browser.newContext({
        viewport: { width: size.width, height: size.height },
        isMobile: size.mobile,
        hasTouch: size.mobile,
        locale,
        colorScheme: 'light',
        forcedColors: size.forcedColors ?? 'none',
      });
      // A window of its own has one size, on a desktop.
      const fitting = states.filter((state) => state.window === undefined || !size.mobile);
      for (const state of fitting.filter(({ name }) => name.includes(args.only)))
        count += await takeState(context, site, state, { studio, size, locale, themes, out }, problems);
      await context.close();
    }
  }
  await site.close();

  const total = await writeIndex(out);
  console.log(`${count} pictures taken, ${total} in ${out}`);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

await main();
