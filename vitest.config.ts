import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    // One database engine per worker, shared by its test files: hence no isolation, and two workers at most.
    isolate: false,
    pool: 'forks',
    maxWorkers: 2,
    // Limits guard against a hanging program; a test that passes waits for none of them.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
