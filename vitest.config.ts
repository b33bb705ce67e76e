import { defineConfig } from 'vitest/config'

/** Two suites: `server` (all but the browser) and `browser`. One database per worker, cloned from a migrated template. */
const common = { pool: 'forks' as const, retry: 0, restoreMocks: true, exclude: ['**/node_modules/**', 'web/dist/**'] }
export default defineConfig({
  root: import.meta.dirname,
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'server',
          include: [
            'server/**/*.test.ts',
            'contract/**/*.test.ts',
            'web/**/*.test.ts',
            'test/*.test.ts',
            'test/security/**/*.test.ts',
            'bench/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          globalSetup: ['test/cluster.ts'],
          // The files of a worker share its modules: importing the product anew took longer than most of them.
          isolate: false,
          maxWorkers: 2,
          // For what hangs; a busy machine is not a failure.
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          ...common,
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: ['test/cluster.ts'],
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          ...common,
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/cluster.ts'],
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
