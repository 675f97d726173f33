/** Holds an adapter against the model that it is to be used with. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { linearAt, type Architecture } from '../model/architecture.ts';
import { layerOf, type Adapter } from './adapter.ts';

/**
 * Every module of the adapter must be a linear layer of the model with the same sizes.
 * Errors: adapter/does-not-fit, naming every mismatch with both shapes, the same one in several layers once.
 */
export function checkAdapterFits(
  adapter: Adapter,
  architecture: Architecture,
  path = adapter.baseModel ?? 'the adapter',
): void {
  const layerCount = architecture.config.numHiddenLayers;
  /** What is wrong, and the layers where it is. */
  const mismatches = new Map<string, number[]>();
  const outside: string[] = [];
  for (const [modulePath, { rank, in: inputs, out: outputs }] of adapter.modules) {
    const place = linearAt(architecture, modulePath);
    const layer = layerOf(modulePath)?.layer ?? 0;
    if (place === undefined && layer >= layerCount) {
      outside.push(`${modulePath}: the model has the layers 0 to ${layerCount - 1}`);
    } else if (place === undefined) {
      outside.push(`${modulePath} is no linear layer of this model`);
    } else if (inputs !== place.module.in || outputs !== place.module.out) {
      const { name, in: width, out } = place.module;
      const found = `A [${rank}, ${inputs}] and B [${outputs}, ${rank}] for a matrix [${outputs}, ${inputs}]`;
      const text = `${name}: ${found}, the model has [${out}, ${width}]`;
      mismatches.set(text, [...(mismatches.get(text) ?? []), place.layer]);
    }
  }
  const problems = [...mismatches].map(([text, layers]) => `${text} (layers ${ranges(layers)})`);
  problems.push(...outside);
  if (problems.length > 0) throw lorikeetError('adapter/does-not-fit', { path, problems });
}

/** [0, 1, 2, 5] → '0–2, 5' */
function ranges(numbers: readonly number[]): string {
  const runs: { first: number; last: number }[] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run !== undefined && number === run.last + 1) run.last = number;
    else runs.push({ first: number, last: number });
  }
  return runs
    .map((run) => (run.first === run.last ? `${run.first}` : `${run.first}–${run.last}`))
    .join(', ');
}
