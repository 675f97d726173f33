/** What can be wrong with adapters that are to be made into one. */
import { listed } from './listed.ts';
import type { Catalogue } from './problem.ts';

export const composeErrors = {
  'compose/no-adapters': () => ({
    what: 'There is no adapter to compose.',
    where: 'adapters',
    next: 'Name one adapter at least, best several of one base model.',
  }),
  'compose/bad-weight': (d: { path: string; weight: number }) => ({
    what: `The weight ${d.weight} is not finite, or too large for float32.`,
    where: d.path,
    next: 'Give a number such as 0.5. Negative weights take away what an adapter has learnt.',
  }),
  'compose/all-weights-zero': () => ({
    what: 'All weights are 0: the sum of the adapters changes nothing.',
    where: 'weights',
    next: 'Give one adapter at least a weight other than 0.',
  }),
  'compose/unused-option': (d: { kind: string; option: string; used: readonly string[] }) => ({
    what: `A ${d.option} was given, which ${d.kind} does not use.`,
    where: d.option,
    next:
      d.used.length === 0
        ? `Leave it out, or choose another kind of composition. ${d.kind} has no options.`
        : `Leave it out, or choose another kind of composition. ${d.kind} uses: ${d.used.join(', ')}.`,
  }),
  'compose/bad-density': (d: { density: number }) => ({
    what: `The density ${d.density} cannot be used: it is the share of the changes that stays.`,
    where: 'density',
    next: 'Give a number over 0 and not over 1, such as 0.5.',
  }),
  'compose/bad-seed': (d: { seed: number }) => ({
    what: `The seed ${d.seed} cannot be used.`,
    where: 'seed',
    next: 'Give a whole number from 0 on.',
  }),
  /** `limit` is the module with the smallest side, where that is what forbids the rank. */
  'compose/bad-rank': (d: { rank: number; limit: { module: string; most: number } | null }) => ({
    what:
      d.limit === null
        ? `The rank ${d.rank} cannot be used.`
        : `The rank ${d.rank} cannot be had: the smaller side of ${d.limit.module} is ${d.limit.most}.`,
    where: 'rank',
    next:
      d.limit === null
        ? 'Give a whole number from 1 on.'
        : `Choose a whole number from 1 to ${d.limit.most}.`,
  }),
  'compose/dora-not-exact': (d: { paths: readonly string[] }) => ({
    what: 'The sum with a DoRA adapter has no exact form of low rank: what it changes depends on the base and is of full rank.',
    where: listed([...d.paths]),
    next: 'Make one adapter of them by SVD (the Compose page, or `lorikeet compose --kind svd`), which shows how much is lost, or leave the DoRA adapter out.',
  }),
  'compose/head-not-linear': (d: { path: string; layers: readonly string[] }) => ({
    what: `The heads of these classifiers have several layers (${listed([...d.layers])}), and no head is their weighted sum.`,
    where: d.path,
    next: 'Use them one at a time, with weight 1.',
  }),
  'compose/not-finite': (d: { module: string }) => ({
    what: 'The composed adapter has values that are not finite; nothing was written.',
    where: d.module,
    next: 'Give smaller weights. If they are small, one of the adapters is damaged, or its training diverged.',
  }),
} satisfies Catalogue;
