/** How every file of the repository is laid out, but for what is generated, built or somebody else's. */
import { defineConfig } from 'oxfmt';

export default defineConfig({
  singleQuote: true,
  printWidth: 100,
  trailingComma: 'all',
  sortPackageJson: false,
  svelte: true,
  ignorePatterns: [
    'node_modules/',
    'out/',
    'dist/',
    'shared/',
    'test-results/',
    'package-lock.json',
    'LICENSE',
    'resources/samples/*.jsonl',
    'test/fixtures/',
    // A build writes them and removes them again.
    'electron.vite.config.ts.*.mjs',
  ],
});
