import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const conditions = ['callbox-source', ...defaultServerConditions];

/** Real browsers against the real program: one after the other, since two cores carry one call of four and no more. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
  },
});
