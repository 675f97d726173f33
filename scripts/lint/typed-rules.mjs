// @ts-check
/**
 * Lint rules that need types, for both linters: oxlint knows the types of TypeScript files in an eighth of ESLint's time, ESLint
 * those of components, which oxlint does not.
 */
import tseslint from 'typescript-eslint';

const prefix = '@typescript-eslint/';

/**
 * Where they differ from typescript-eslint's strict set.
 * @type {Record<string, ['error', object]>}
 */
export const ownTypedRules = {
  // Numbers in messages are the rule here: steps, shapes, bytes.
  [`${prefix}restrict-template-expressions`]: ['error', { allowNumber: true, allowBoolean: true }],
  [`${prefix}no-confusing-void-expression`]: ['error', { ignoreArrowShorthand: true }],
  [`${prefix}switch-exhaustiveness-check`]: ['error', { considerDefaultExhaustiveForUnions: true }],
};

/** Those that oxlint does not have yet. */
export const unknownToOxlint = [`${prefix}no-unsafe-class-instance-assignment`];

/**
 * All others by oxlint's names, with their options.
 * @returns {Record<string, 'error' | ['error', ...object[]]>}
 */
export function oxlintTypedRules() {
  const strict = tseslint.configs.strictTypeCheckedOnly.map(({ rules = {} }) => rules);
  const all = Object.assign({}, ...strict, ownTypedRules);
  return Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => name.startsWith(prefix) && !unknownToOxlint.includes(name))
      .map(([name, level]) => [name.replace(prefix, 'typescript/'), level]),
  );
}
