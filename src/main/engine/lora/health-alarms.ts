/** What is wrong with an adapter while it trains, in words for a person. */
import type { ModuleHealth } from '../../../shared/contract/run-points.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../../shared/errors/problem.ts';
import { sayTargets } from '../../../shared/say-targets.ts';
import type { Slot } from './layout.ts';

/** The number of updates after which an unchanged B is reported. AdamW changes B with the first gradient that is not 0. */
export const patience = 3;

/** Above this the change is larger than the matrix that it changes. */
const largestRatio = 1;

/** A module with its figures, and whether B is still what it was at the start. */
export type ModuleReading = { health: ModuleHealth; unmoved: boolean };

/**
 * The alarms of one adapter at one moment, worst first, each with the modules that it is about.
 * @param updates how many updates with a learning rate above 0 it has had
 */
export function healthAlarms(modules: readonly ModuleReading[], updates: number): Problem[] {
  const alarms: Problem[] = [];
  const all = modules.map(({ health }) => health);
  const damaged = notFinite(all);
  if (damaged.length > 0) {
    const details = { modules: sayModules(damaged, all) };
    alarms.push(lorikeetError('health/not-finite', details).problem);
  }
  const still = updates < patience ? [] : modules.filter(({ unmoved }) => unmoved);
  if (still.length > 0) {
    const names = sayModules(
      still.map(({ health }) => health),
      all,
    );
    alarms.push(lorikeetError('health/b-stays-zero', { updates, modules: names }).problem);
  }
  const outweighing = all.filter(({ deltaRatio }) => (deltaRatio ?? 0) > largestRatio);
  if (outweighing.length > 0) {
    const ratio = Math.max(...outweighing.map(({ deltaRatio }) => deltaRatio ?? 0));
    const details = { ratio, modules: sayModules(outweighing, all) };
    alarms.push(lorikeetError('health/outweighs-base', details).problem);
  }
  return alarms;
}

/** Whether no number of B's learning ranks has changed: they start at 0, or as the negative of the frozen ranks. */
export function bIsUnmoved(
  parameters: Float32Array,
  { b, rank, frozenRank, module }: Slot,
): boolean {
  const learning = rank - frozenRank;
  for (let row = 0; row < module.out; row++) {
    const begin = b + row * rank;
    for (let i = begin; i < begin + learning; i++) {
      const start = frozenRank === 0 ? 0 : -(parameters[i + learning] ?? NaN);
      if (parameters[i] !== start) return false;
    }
  }
  return true;
}

/** Modules whose gradient is not finite; where there are none, those with such an A or B. */
function notFinite(modules: readonly ModuleHealth[]): ModuleHealth[] {
  const origins = modules.filter(({ gradientNorm }) => gradientNorm === null);
  if (origins.length > 0) return origins;
  return modules.filter(({ normA, normB }) => normA === null || normB === null);
}

/** 'q_proj, v_proj in layers 3–5', 'every module'. */
function sayModules(some: readonly ModuleHealth[], all: readonly ModuleHealth[]): string {
  if (some.length === all.length) return 'every module';
  const layersOf = (modules: readonly ModuleHealth[], name: string) =>
    modules.filter(({ module }) => module === name).map(({ layer }) => layer);
  const names = [...new Set(some.map(({ module }) => module))];
  return sayTargets(names.map((module) => ({ module, layers: layersOf(some, module) })));
}
