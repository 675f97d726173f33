/** Which tests there are: `unit` (and engine), `window` (what the renderer is made of), `e2e` on the real Electron, `package` on the packaged application. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const minute = 60_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/renderer/**', 'test/e2e/**', 'test/package/**'],
          // Native libraries (TensorFlow, SQLite) live in processes of their own, not in threads of one.
          pool: 'forks',
          // TensorFlow's notes on its own work would hide the tests' lines.
          env: { TF_CPP_MIN_LOG_LEVEL: '3' },
          testTimeout: 2 * minute,
          hookTimeout: 2 * minute,
        },
      },
      {
        plugins: [svelte()],
        resolve: { conditions: ['browser'] },
        test: {
          name: 'window',
          include: ['test/renderer/**/*.test.ts'],
          // Svelte's runes do something only where they are compiled for a browser.
          environment: './test/renderer/client-environment.ts',
          isolate: false,
        },
      },
      ...['e2e', 'package'].map((name) => ({
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          globalSetup: 'test/support/studio-setup.ts',
          pool: 'forks' as const,
          // One window at a time: two cores train no faster in two of them.
          fileParallelism: false,
          testTimeout: 5 * minute,
          hookTimeout: 5 * minute,
        },
      })),
    ],
  },
});
