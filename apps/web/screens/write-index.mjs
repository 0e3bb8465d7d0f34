// The page that shows all pictures of a folder, grouped by screen. It works from a file and needs no script.

import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { states } from './states.mjs';

const groups = [
  ['Home', /^(home|bad-room|nowhere)/],
  ['Check', /^check/],
  ['Before the call', /^pre-join/],
  ['Screens in the call', /^call-(screen|two-screens|sharing)/],
  ['Chat', /^call-chat/],
  ['Connections', /^call-(links|older|weak|statistics|voice|server|tap|camera-failed)/],
  ['Sheets and menus', /^call-(keys|devices|more|invite|tooltip)/],
  ['The call', /^call/],
  ['After the call', /^left/],
];

const switches = [
  { name: 'size', choices: { desktop: 'Desktop', phone: 'Phone' } },
  { name: 'theme', choices: { light: 'Light', dark: 'Dark' } },
  { name: 'locale', choices: { en: 'English', 'zh-CN': '中文' } },
];

const style = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 1400px; margin: 0 auto; padding: 24px; }
  header { position: sticky; top: 0; padding: 8px 0; background: Canvas; border-bottom: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); }
  h1 { margin: 0; font-size: 1.6rem; } h2 { margin: 40px 0 8px; font-size: 1.3rem; } h3 { margin: 0; font-size: 1rem; }
  fieldset { display: inline-flex; gap: 16px; margin: 0 24px 0 0; padding: 4px 0; border: 0; }
  label { display: inline-flex; gap: 6px; align-items: center; min-height: 32px; }
  article { padding: 16px 0; border-top: 1px solid color-mix(in srgb, CanvasText 12%, Canvas); }
  article p { margin: 0 0 10px; color: color-mix(in srgb, CanvasText 70%, Canvas); }
  article div { display: flex; flex-wrap: wrap; gap: 14px; align-items: flex-start; }
  img { display: block; max-width: 100%; height: auto; border-radius: 6px; outline: 1px solid color-mix(in srgb, CanvasText 15%, Canvas); }
${switches
  .flatMap(({ name, choices }) =>
    Object.keys(choices).map(
      (choice) =>
        `  body:has(#${name}-${choice}:not(:checked)) a[data-${name}='${choice}'] { display: none; }`,
    ),
  )
  .join('\n')}
`;

/** What is chosen at first: English, on a desktop and on a telephone, light. */
const first = new Set(['desktop', 'phone', 'light', 'en']);

function writeSwitches() {
  return switches
    .map(({ name, choices }) => {
      const boxes = Object.entries(choices).map(
        ([choice, words]) =>
          `<label><input type="checkbox" id="${name}-${choice}"${first.has(choice) ? ' checked' : ''}>${words}</label>`,
      );
      return `<fieldset>${boxes.join('')}</fieldset>`;
    })
    .join('');
}

function writeState({ name, words }, files) {
  const pictures = files.map((file) => {
    const [, size, theme, locale] = file.split('.');
    const facts = `data-size="${size}" data-theme="${theme}" data-locale="${locale}"`;
    return `<a href="${file}" ${facts}><img src="${file}" alt="${size}, ${theme}, ${locale}" loading="lazy" width="${size === 'phone' ? 200 : 400}"></a>`;
  });
  return `<article id="${name}"><h3>${name}</h3><p>${words}</p><div>${pictures.join('\n')}</div></article>`;
}

/** Writes `folder`/index.html over the pictures that are there. Returns how many they are. */
export async function writeIndex(folder) {
  const pictures = (await readdir(folder)).filter((file) => /\.(?:png|webp)$/.test(file)).sort();
  const taken = new Set();
  const sections = groups.map(([heading, names]) => {
    const own = states.filter(({ name }) => names.test(name) && !taken.has(name));
    for (const { name } of own) taken.add(name);
    const articles = own.map((state) =>
      writeState(
        state,
        pictures.filter((file) => file.startsWith(`${state.name}.`)),
      ),
    );
    return `<section><h2>${heading}</h2>\n${articles.join('\n')}\n</section>`;
  });
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Callbox: every screen and state</title>
<style>${style}</style>
<header><h1>Every screen and state</h1>${writeSwitches()}</header>
<main>${sections.join('\n')}</main>
</html>
`;
  await writeFile(join(folder, 'index.html'), page);
  return pictures.length;
}
