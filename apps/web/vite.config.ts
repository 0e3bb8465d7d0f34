import { readFileSync } from 'node:fs';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';

/**
 * Takes from an icon's file what is its own, the strokes: `Icon` draws the frame that all of them share. Without it the
 * pages would carry the same eleven lines thirty times.
 */
function iconStrokes(): Plugin {
  return {
    name: 'callbox:icon-strokes',
    enforce: 'pre',
    load: {
      filter: { id: /lucide-static\/icons\/[a-z0-9-]+\.svg\?raw$/ },
      handler(id) {
        const file = readFileSync(id.replace(/\?raw$/, ''), 'utf8');
        const strokes = /<svg[^>]*>(.*)<\/svg>/s.exec(file)?.[1];
        if (strokes === undefined) throw new Error(`not an icon: ${id}`);
        const line = strokes.replace(/\s*\n\s*/g, '').replaceAll(' />', '/>');
        return { code: `export default ${JSON.stringify(line)}`, moduleType: 'js' };
      },
    },
  };
}

export default defineConfig({
  // The server says under which path it serves the pages, by their `base` element; all that they load is relative to it.
  base: './',
  // Packages of this repository are taken from their TypeScript source.
  resolve: { conditions: ['callbox-source', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [iconStrokes()],
  build: {
    target: 'es2022',
    // The first releases with light-dark() and oklch(): lower targets would make the style sheet spell out both themes.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A data: URL in place of a small file would need an exception in the content security policy.
    assetsInlineLimit: 0,
    // Read by the check of the page's size.
    manifest: true,
    // The licences of what is bundled ask to be kept with it.
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
  },
});
