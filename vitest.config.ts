import { defineConfig } from 'vitest/config';
import { defaultServerConditions } from 'vite';

const conditions = ['callbox-source', ...defaultServerConditions];

/** Unit tests, beside the code; no browser, no namespace, no other program. The rest has configurations of its own. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: ['{packages,apps,tools}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Nothing is measured by these: a machine that has much to run does everything later.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
