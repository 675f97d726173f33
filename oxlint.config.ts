/** Lint rules that need types, for TypeScript files; everything else is ESLint's (eslint.config.js). */
import { defineConfig } from 'oxlint';
import { oxlintTypedRules } from './scripts/lint/typed-rules.mjs';

export default defineConfig({
  plugins: ['typescript'],
  categories: { correctness: 'off' },
  ignorePatterns: ['**/*.{js,mjs,cjs,svelte}', 'out', 'dist', 'shared', 'test-results'],
  rules: oxlintTypedRules(),
});
