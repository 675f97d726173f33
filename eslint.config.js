// @ts-check
/**
 * Lint rules of components and of plain JavaScript: TypeScript's strict set, Svelte, and the import zones of ARCHITECTURE.md.
 * TypeScript files are oxlint's (oxlint.config.ts).
 */
import js from '@eslint/js';
// Before Svelte's plugin.
import { programOfComponents } from './scripts/lint/component-types.mjs';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import lorikeet from './scripts/lint/import-zones.mjs';
import { ownTypedRules } from './scripts/lint/typed-rules.mjs';

const here = import.meta.dirname;
/** @type {import('typescript').Program | undefined} */
let components;

export default defineConfig(
  globalIgnores([
    ...['out/', 'dist/', 'node_modules/', 'shared/', 'test-results/'],
    // There for the second in which electron-vite reads its own configuration.
    'electron.vite.config.ts.*.mjs',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    extends: [tseslint.configs.strict],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      // tsc says the same, and knows more.
      'no-undef': 'off',
    },
  },
  {
    files: ['**/*.svelte'],
    extends: [tseslint.configs.strictTypeCheckedOnly],
    languageOptions: {
      parserOptions: {
        // Only where a component is linted.
        get programs() {
          components ??= programOfComponents(`${here}/src/renderer/tsconfig.json`);
          return [components];
        },
        projectService: false,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: ownTypedRules,
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(['console', 'process', 'URL', 'Buffer'].map((n) => [n, false])),
    },
  },
  { files: ['**/*.svelte', '**/*.svelte.ts'], extends: [svelte.configs.recommended] },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    // Of a component with parameters for types nothing is known here; svelte-check knows it, and checks what these rules would.
    files: ['**/*.svelte'],
    rules: Object.fromEntries(
      ['argument', 'assignment', 'call', 'member-access', 'return'].map((what) => [
        `@typescript-eslint/no-unsafe-${what}`,
        'off',
      ]),
    ),
  },
  {
    files: ['src/**'],
    plugins: { lorikeet },
    rules: { 'lorikeet/import-zones': 'error' },
  },
);
