/**
 * Two tiers: `fast` is `npm test`, `full` is what takes longer and is run by `npm run test:full` besides.
 * Tests import built files; Node loads those itself, so that a module that a worker or `import(url)` also loads is one instance.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'forks',
    // Convoys under test bring threads of their own; more processes than this would measure the scheduler.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    server: { deps: { external: [/[\\/]dist[\\/]/] } },
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['test/full/**', 'test/lint/fixture/**'],
        },
      },
      {
        extends: true,
        test: { name: 'full', include: ['test/full/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 120_000 },
      },
    ],
  },
});
