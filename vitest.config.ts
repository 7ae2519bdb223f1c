import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // More than there are cores: most tests wait for a process or a browser.
    maxWorkers: 4,
  },
});
