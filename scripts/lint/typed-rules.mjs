// @ts-check
/** Where rules that need types differ from typescript-eslint's strict set: for oxlint, and for ESLint, which knows the types of components. */

export const prefix = '@typescript-eslint/';

/** @type {Record<string, ['error', object]>} */
export const ownTypedRules = {
  // Numbers in messages are the rule here: steps, shapes, bytes.
  [`${prefix}restrict-template-expressions`]: ['error', { allowNumber: true, allowBoolean: true }],
  [`${prefix}no-confusing-void-expression`]: ['error', { ignoreArrowShorthand: true }],
  [`${prefix}switch-exhaustiveness-check`]: ['error', { considerDefaultExhaustiveForUnions: true }],
};
