// @ts-check
/** Which way imports go, for dependency-cruiser: engine folders in the order of their stages, and no circles anywhere in src. */
import { oneStructure, stages, withoutLanguage } from './scripts/lint/engine-order.mjs';

const engine = '^src/main/engine/';
/** @param {string} text */
const literally = (text) => text.replaceAll('.', '\\.');
/** @param {readonly string[]} places */
const anyOf = (places) => `${engine}(${places.map(literally).join('|')})`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...stages.slice(0, -1).map((stage, at) => ({
      name: `engine-order-${stage.replace(/\W.*$/, '')}`,
      comment: `${stage} comes before what it imports; see scripts/lint/engine-order.mjs`,
      severity: /** @type {const} */ ('error'),
      from: { path: anyOf([stage]) },
      to: { path: anyOf(stages.slice(at + 1)) },
    })),
    {
      name: 'graph-knows-no-language',
      comment: 'what computes graphs is of use without text; see scripts/lint/engine-order.mjs',
      severity: 'error',
      from: { path: anyOf(withoutLanguage.stages) },
      to: { path: anyOf(withoutLanguage.never) },
    },
    {
      name: 'engine-stage-unknown',
      comment: 'a folder of the engine has its place in scripts/lint/engine-order.mjs',
      severity: 'error',
      from: {},
      to: { path: `${engine}[^/]+/`, pathNot: anyOf(stages) },
    },
    {
      name: 'no-circle',
      comment: 'a file does not import what imports it, not even for a type',
      severity: 'error',
      from: { path: '^src/' },
      // At least one file of the circle is none of the one structure.
      to: { circular: true, via: { pathNot: `^(${oneStructure.map(literally).join('|')})$` } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.svelte'] },
  },
};
