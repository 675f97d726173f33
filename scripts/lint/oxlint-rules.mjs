// @ts-check
/** ESLint's recommended rules and TypeScript's strict set as oxlint knows them, which reads TypeScript in an eighth of ESLint's time. */
import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { ownTypedRules, prefix } from './typed-rules.mjs';

/** Those that oxlint does not have (yet). The first is about what a module cannot hold. */
export const unknownToOxlint = ['no-octal', `${prefix}no-unsafe-class-instance-assignment`];

/** TypeScript's forms of rules that oxlint has as one with those of JavaScript. */
const ofBoth = [
  'no-array-constructor',
  'no-unused-expressions',
  'no-unused-vars',
  'no-useless-constructor',
];

/** @param {string} name as ESLint has it */
export function nameInOxlint(name) {
  const bare = name.replace(prefix, '');
  return name.startsWith(prefix) && !ofBoth.includes(bare)
    ? `typescript/${bare}`
    : `eslint/${bare}`;
}

/**
 * By oxlint's names, with their options.
 * @returns {Record<string, 'off' | 'error' | ['error', ...object[]]>}
 */
export function oxlintRules() {
  const sets = [
    js.configs.recommended,
    ...tseslint.configs.strict,
    ...tseslint.configs.strictTypeCheckedOnly,
  ];
  const all = Object.assign({}, ...sets.map(({ rules = {} }) => rules), ownTypedRules, {
    [`${prefix}consistent-type-imports`]: 'error',
  });
  return Object.fromEntries(
    Object.entries(all)
      .filter(([name, level]) => level !== 'off' && !unknownToOxlint.includes(name))
      .map(([name, level]) => [nameInOxlint(name), level]),
  );
}
