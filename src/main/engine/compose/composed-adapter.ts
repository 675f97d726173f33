/** Composed modules as an adapter with scaling 1. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Adapter, AdapterModule } from '../checkpoint/adapter.ts';
import { isOfExpert } from '../checkpoint/peft-experts.ts';
import { allFinite } from '../numbers/float-formats.ts';
import type { ComposedHead } from './composed-head.ts';
import type { Part } from './parts.ts';
import type { ModuleFactors } from './stack.ts';

/** Base and task are those of the parts. Errors: compose/not-finite. */
export function composedAdapter(
  parts: readonly Part[],
  head: ComposedHead,
  factors: ReadonlyMap<string, ModuleFactors>,
): Adapter {
  const modules = new Map<string, AdapterModule>();
  for (const [module, each] of factors) {
    if (!allFinite(each.a) || !allFinite(each.b))
      throw lorikeetError('compose/not-finite', { module });
    modules.set(module, { ...each, alpha: each.rank, scaling: 1, magnitude: null });
  }
  const rank = rankOf(modules);
  const known = (key: 'baseModel' | 'taskType') =>
    parts.find(({ adapter }) => adapter[key] !== null)?.adapter[key] ?? null;
  return {
    ...{ baseModel: known('baseModel'), taskType: known('taskType') },
    ...{ rank, alpha: rank, dropout: 0, useRslora: false, useDora: false },
    ...head,
    modules,
  };
}

/** 1 for an adapter that is nothing but a head. */
export function largestRank(modules: Adapter['modules']): number {
  return Math.max(1, ...[...modules.values()].map(({ rank }) => rank));
}

/** That of an adapter: with experts theirs, where all have one, since PEFT knows no other for them; see `peft-experts.ts`. */
function rankOf(modules: Adapter['modules']): number {
  const ofExperts = [...modules].filter(([path]) => isOfExpert(path));
  const [rank, ...others] = new Set(ofExperts.map(([, module]) => module.rank));
  return rank !== undefined && others.length === 0 ? rank : largestRank(modules);
}
