/** Lint rules for TypeScript files; those of components and of plain JavaScript are ESLint's (eslint.config.js). */
import { defineConfig } from 'oxlint';
import { oxlintRules } from './scripts/lint/oxlint-rules.mjs';

export default defineConfig({
  plugins: ['eslint', 'typescript'],
  jsPlugins: ['./scripts/lint/import-zones.mjs'],
  categories: { correctness: 'off' },
  ignorePatterns: ['**/*.{js,mjs,cjs,svelte}', 'out', 'dist', 'shared', 'test-results'],
  // No comment switches a rule off: ESLint's are not listened to, and comments.test.ts forbids those of oxlint.
  options: { reportUnusedDisableDirectives: 'deny', respectEslintDisableDirectives: false },
  rules: { ...oxlintRules(), 'lorikeet/import-zones': 'error' },
});
