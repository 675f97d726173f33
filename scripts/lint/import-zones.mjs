// @ts-check
/** Lint rule, for ESLint and for oxlint: a file imports only what the zone that it lies in may import (zones.mjs, the table of ARCHITECTURE.md). */
import { dirname, relative, resolve } from 'node:path';
import { builtinModules } from 'node:module';
import { closed, zones } from './zones.mjs';

/** 'svelte/store' is of package 'svelte', '@huggingface/gguf/x' of '@huggingface/gguf'. @param {string} specifier */
function packageOf(specifier) {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}

/** @param {string} specifier */
function isNode(specifier) {
  return specifier.startsWith('node:') || builtinModules.includes(packageOf(specifier));
}

/** @param {string} file @param {string} place */
const lies = (file, place) => (place.endsWith('/') ? file.startsWith(place) : file === place);

/**
 * Why the import is refused, or null.
 * @param {string} file path from the root of the project, with '/'
 * @param {string} specifier as written in the import
 * @returns {string | null}
 */
export function refusal(file, specifier) {
  const zone = zones.find((candidate) => lies(file, candidate.folder));
  if (!zone) return null;
  const rule = `${zone.name} may import ${[...zone.files, ...zone.packages].join(', ')}`;
  if (!specifier.startsWith('.')) {
    if (isNode(specifier))
      return zone.packages.includes('node:') ? null : `Node's modules: ${rule}`;
    const name = packageOf(specifier);
    if (zone.packages.includes(name)) return null;
    if (zone.packages.includes('*') && !zone.never?.includes(name)) return null;
    return `package ${name}: ${rule}`;
  }
  const target = relative('.', resolve(dirname(file), specifier)).replaceAll('\\', '/');
  if (!zone.files.some((place) => lies(target, place))) return `${target}: ${rule}`;
  const shut = closed.find((c) => c.from.includes(zone.name) && lies(target, c.folder));
  if (shut && !shut.except.includes(target))
    return `${target}: the engine runs in a process of its own and is reached through engine-client.ts`;
  return null;
}

/** @type {import('eslint').Rule.RuleModule} */
const importZones = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { refused: 'Not to be imported here. {{reason}}' },
  },
  create(context) {
    const file = relative(context.cwd, context.filename).replaceAll('\\', '/');
    /** @param {import('estree').Node | null | undefined} source */
    const check = (source) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const reason = refusal(file, source.value);
      if (reason) context.report({ node: source, messageId: 'refused', data: { reason } });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
    };
  },
};

/** @type {import('eslint').ESLint.Plugin} */
export default { meta: { name: 'lorikeet' }, rules: { 'import-zones': importZones } };
