import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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

/**
 * Says at the head of every style sheet in which order the layers count. The first to say so decides, and which sheet is
 * loaded first depends on how the bundler has cut the pages.
 */
function layerOrder(): Plugin {
  const base = readFileSync(new URL('src/styles/base.css', import.meta.url), 'utf8');
  const order = /^@layer [^{]*;/.exec(base)?.[0];
  if (order === undefined) throw new Error('base.css does not begin with the order of the layers');
  return {
    name: 'callbox:layer-order',
    enforce: 'pre',
    transform: { filter: { id: /\.css$/ }, handler: (code) => ({ code: `${order}\n${code}` }) },
  };
}

/** Lists the parts that a page may load later, so that one which is open keeps them when the server is replaced. */
function partsList(): Plugin {
  return {
    name: 'callbox:parts-list',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const parts = Object.keys(bundle).filter((name) => /^assets\/.*\.(js|css)$/.test(name));
        this.emitFile({ type: 'asset', fileName: 'parts.json', source: JSON.stringify(parts.sort()) });
      },
    },
  };
}

type GetModuleInfo = (id: string) => { readonly importedIds: readonly string[] } | null;
const entrance = fileURLToPath(new URL('src/main.tsx', import.meta.url));
const neededAtOnce = new Set<string>();

/** Whether a module is reached from the entrance of the pages without waiting. What the SDK has for the check and for the choice of devices is not used there. */
function isNeededAtOnce(id: string, getModuleInfo: GetModuleInfo): boolean {
  if (neededAtOnce.size === 0) {
    const pending = [entrance];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (neededAtOnce.has(next) || /\/client\/src\/(check|devices)\//.test(next)) continue;
      neededAtOnce.add(next);
      pending.push(...(getModuleInfo(next)?.importedIds ?? []));
    }
  }
  // The entrance itself stays what the page names.
  return id !== entrance && neededAtOnce.has(id);
}

export default defineConfig({
  // The server says under which path it serves the pages, by their `base` element; all that they load is relative to it.
  base: './',
  // Packages of this repository are taken from their TypeScript source.
  resolve: { conditions: ['callbox-source', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [iconStrokes(), layerOrder(), partsList()],
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
    rolldownOptions: {
      output: {
        // What the page before a call needs is one file: cut in several, it compresses worse.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            {
              debugName: 'page',
              name: (id, context) =>
                isNeededAtOnce(id, (other) => context.getModuleInfo(other)) ? 'page' : null,
            },
          ],
        },
      },
    },
  },
});
