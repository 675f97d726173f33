/** How every file of the repository is laid out, but for what is generated or somebody else's, and what git ignores. */
import { defineConfig } from 'oxfmt';

export default defineConfig({
  singleQuote: true,
  printWidth: 100,
  trailingComma: 'all',
  sortPackageJson: false,
  svelte: true,
  ignorePatterns: [
    'shared/',
    'package-lock.json',
    'LICENSE',
    'resources/samples/*.jsonl',
    'test/fixtures/',
  ],
});
