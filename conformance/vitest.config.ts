import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const conditions = ['callbox-source', ...defaultServerConditions];

/**
 * Black-box suites: real sockets and other programs, so one file at a time, each in a process of its own. `npm test` runs them
 * beside each other, each in a network of its own.
 */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{acme,configuration,program,turn,floods,path-mtu,signaling,legacy}/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    pool: 'forks',
    fileParallelism: false,
    // Other people's programs, floods and figures of time: who needs a second try is named at the end of `npm test`.
    retry: 1,
    // Nothing is measured by these: a machine that has much to run does everything later.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
