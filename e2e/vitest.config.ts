import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const conditions = ['callbox-source', ...defaultServerConditions];

const shared = {
  root: import.meta.dirname,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
};
// Nothing is measured by these: a machine that has much to run does everything later.
const patience = { testTimeout: 300_000, hookTimeout: 180_000, teardownTimeout: 60_000 };

/**
 * Real browsers against the real program, one file after the other. `npm test` runs as many files beside each other as there are
 * cores for, each in a network of its own.
 */
export default defineConfig({
  ...shared,
  test: {
    fileParallelism: false,
    projects: [
      // From a fresh clone to a page: fetches packages, so it needs the registry.
      { ...shared, test: { ...patience, name: 'start', include: ['start/*.test.ts'] } },
      // Calls: nothing they do may leave the machine, so they run where nothing can (networks/isolate.sh).
      {
        ...shared,
        test: {
          ...patience,
          name: 'browsers',
          include: ['*.test.ts'],
          // Browsers have moods, and machines with two cores have more. Who needs a second try is named at the end.
          retry: 1,
          globalSetup: 'networks/serve-names.ts',
        },
      },
      // What is looked at now and then, and written into the documentation.
      { ...shared, test: { ...patience, name: 'spikes', include: ['spikes/*.test.ts'] } },
      // The pictures of the documentation, taken of a real call.
      { ...shared, test: { ...patience, name: 'pictures', include: ['pictures/*.test.ts'] } },
    ],
  },
});
