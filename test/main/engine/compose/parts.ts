/** Adapters of the tiny models as the parts of a composition, and what comes out as whole matrices. */
import { join } from 'node:path';
import type { CompositionOptions } from '../../../../src/shared/contract/composition.ts';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import type { AdapterModule } from '../../../../src/main/engine/checkpoint/adapter.ts';
import { combinationOf } from '../../../../src/main/engine/compose/combination.ts';
import {
  composeParts,
  type Composition,
} from '../../../../src/main/engine/compose/compose-parts.ts';
import type { Part } from '../../../../src/main/engine/compose/parts.ts';
import { fixtures } from '../checkpoint/fixtures.ts';

export const adapterPath = (name: string) => join(fixtures, 'adapters', name);
export const tinyModel = join(fixtures, 'models', 'tiny-tied');

/** `{'all-linear': 0.7, rslora: 0.3}` */
export function partsOf(weights: Readonly<Record<string, number>>): Part[] {
  return Object.entries(weights).map(([name, weight]) => {
    const path = adapterPath(name);
    return { path, weight, adapter: readAdapter(path) };
  });
}

export type Asked = Partial<CompositionOptions> & Pick<CompositionOptions, 'kind'>;

export function optionsOf(asked: Asked): CompositionOptions {
  return { rank: null, density: null, seed: null, ...asked };
}

/** Parts of adapters of tiny-tied as one. */
export async function composed(parts: readonly Part[], asked: Asked): Promise<Composition> {
  const base = await openCheckpoint(tinyModel);
  try {
    return await composeParts(parts, combinationOf(optionsOf(asked)), {
      weightOf: (path) => base.read(`${path}.weight`),
      tell: () => Promise.resolve(),
    });
  } finally {
    base.close();
  }
}

/** The module of that path, which has to be there. */
export function moduleAt({ adapter }: Composition, path: string): AdapterModule {
  const module = adapter.modules.get(path);
  if (!module) throw new RangeError(`${path} was not composed`);
  return module;
}

type Plain = Pick<AdapterModule, 'a' | 'b' | 'rank' | 'scaling' | 'in' | 'out'>;

/** scaling · B · A [out, in] in float64. */
export function changeOf({ a, b, rank, scaling, in: inputs, out }: Plain): Float64Array {
  return Float64Array.from({ length: out * inputs }, (_, at) => {
    const [row, column] = [Math.floor(at / inputs), at % inputs];
    let sum = 0;
    for (let k = 0; k < rank; k++)
      sum += (b[row * rank + k] ?? NaN) * (a[k * inputs + column] ?? NaN);
    return scaling * sum;
  });
}

/** Σ wᵢ·ΔWᵢ of one module, by the definition; parts without DoRA. */
export function sumAt(parts: readonly Part[], path: string): Float64Array {
  const changes = parts.flatMap(({ adapter, weight }) => {
    const module = adapter.modules.get(path);
    return module ? [changeOf(module).map((x) => weight * x)] : [];
  });
  const [first = new Float64Array(), ...others] = changes;
  return first.map((x, at) => others.reduce((sum, other) => sum + (other[at] ?? NaN), x));
}

export function norm(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

export function distance(one: ArrayLike<number>, other: ArrayLike<number>): number {
  return norm(Array.from(one, (x, at) => x - (other[at] ?? NaN)));
}

/** Σ |wᵢ|·scalingᵢ·‖Bᵢ‖·‖Aᵢ‖: what each number of a sum of products is at most, as a norm. */
export function sizeAt(parts: readonly Part[], path: string): number {
  return parts.reduce((sum, { adapter, weight }) => {
    const module = adapter.modules.get(path);
    return module ? sum + Math.abs(weight * module.scaling) * norm(module.a) * norm(module.b) : sum;
  }, 0);
}
