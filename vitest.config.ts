import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that come to the same whatever the database, or that are about the embedded one: on a server they do not run again. */
const onceIsEnough = [
  'scripts/browser/**',
  'src/app.test.ts',
  'src/architecture.test.ts',
  'src/connectors/guarded-request.test.ts',
  'src/conversations/opt-out.test.ts',
  'src/database/directory-lock.test.ts',
  'src/database/embedded-engine.test.ts',
  'src/every-kind.test.ts',
  'src/faults.test.ts',
  'src/lockfile.test.ts',
  'src/main.test.ts',
  'src/simulator/**',
  'src/whatsapp/watchdog.test.ts',
];

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(process.env['TEST_DATABASE_URL'] ? onceIsEnough : [])],
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
