/** Runs that are begun together and differ in a few settings. */
import type { TrainingConfig } from './contract/training-config.ts';
import { programOf } from './settings/scopes.ts';

/** More are not to be looked at side by side. */
export const mostInSeries = 24;

/** Each of those that are trained at once has rows of its own in every batch. */
export const mostAtOnce = 8;

/** Cut into groups of at most `size`. */
export function inGroups<T>(all: readonly T[], size: number): T[][] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, i) => all.slice(i * size, (i + 1) * size));
}

/** Those that can be trained at once as far as their settings say, in the order of the first of each. */
export function groupsAlike(configs: readonly TrainingConfig[]): TrainingConfig[][] {
  const groups = new Map<string, TrainingConfig[]>();
  for (const config of configs) {
    const program = programOf(config);
    groups.set(program, [...(groups.get(program) ?? []), config]);
  }
  return [...groups.values()];
}

/** What keeps validation losses of these from being held against each other, as successive halving does; null where nothing does. */
export function unlikeValidation(configs: readonly TrainingConfig[]): string | null {
  if (configs.some(({ validation }) => validation.kind === 'none'))
    return 'they have no validation data';
  const held = configs.map(({ data, columns, validation, seed }) =>
    // Which examples are set aside follows from the data and the seed.
    JSON.stringify(validation.kind === 'split' ? [validation, data, columns, seed] : validation),
  );
  return new Set(held).size > 1 ? 'they are validated on different examples' : null;
}
