/** What nobody uses (files, exports, packages), found by knip from where programs and tests begin. */
import type { KnipConfig } from 'knip';

export default {
  entry: [
    'scripts/main.ts',
    'scripts/make-samples.mjs',
    'src/cli/index.ts',
    'src/main/engine/{host,worker}.ts',
    'test/**/*.test.ts',
    // Started as programs of their own.
    'bench/own.ts',
    'scripts/fuzz/child.ts',
    'scripts/setup/electron/starter.mjs',
    'test/e2e/large-block/*.mjs',
  ],
  project: ['{src,scripts,test,bench}/**/*.{ts,mjs,svelte}', '*.{ts,js,mjs}'],
  ignoreDependencies: [
    // Called by path, or there for its headers.
    '@tensorflow/tfjs-node-gpu',
    '@typescript/native',
    'electron-builder',
    'node-api-headers',
    'svelte-check',
    // Types that ESLint brings.
    'estree',
  ],
  // Programs of the system, not of a package.
  ignoreBinaries: ['Xvfb', 'ldd', 'apt-cache', 'mkfifo', 'mount', 'umount'],
} satisfies KnipConfig;
