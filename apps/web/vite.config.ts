import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  // Packages of this repository are taken from their TypeScript source.
  resolve: { conditions: ['callbox-source', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // The first releases with light-dark() and oklch(): lower targets would make the style sheet spell out both themes.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A data: URL in place of a small file would need an exception in the content security policy.
    assetsInlineLimit: 0,
    // Read by the check of the page's size.
    manifest: true,
    modulePreload: { polyfill: false },
  },
});
