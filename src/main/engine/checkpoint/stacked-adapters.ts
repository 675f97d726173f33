/**
 * Adapters on the matrices of all experts at once, as PEFT has them where transformers holds those in one tensor: A [E·r, in]
 * with the ranks of one expert after another, B [out, r·E] with those of all experts side by side for each rank
 * (peft/tuners/lora/layer.py, ParamWrapper). In the engine each expert has an adapter of its own.
 */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Architecture } from '../model/architecture.ts';
import type { Adapter, AdapterModule } from './adapter.ts';

/** 'model.layers.0.mlp.experts' of the path of one expert's matrix, or of the stacked ones; undefined for any other path. */
const ofExperts = /^(.*\.experts)(?:\.(?:\d+\..+|base_layer))?$/;

/**
 * What PEFT's config calls the tensor that a path in its file adapts: 'model.layers.0.mlp.experts.down_proj', or the path
 * itself. Of the two wrappers around the experts the inner one is that of gate and up; a wrapper alone is that of its target.
 */
export function parameterOf(path: string, parameters: readonly string[]): string {
  if (path.endsWith('.experts.base_layer')) return path.replace(/base_layer$/, 'gate_up_proj');
  if (!path.endsWith('.experts')) return path;
  const onlyGateUp = !parameters.some((name) => name.endsWith('down_proj'));
  return `${path}.${onlyGateUp ? 'gate_up_proj' : 'down_proj'}`;
}

/** Whether `target_parameters` selects what a path in the file adapts: a tensor by the end of its name, or an expert's matrix. */
export function isTargetParameter(path: string, parameters: readonly string[]): boolean {
  const adapted = parameterOf(path, parameters);
  const experts = ofExperts.exec(path)?.[1];
  return parameters.some((name) => {
    const within = /^(.*experts)\.[^.]+$/.exec(name)?.[1];
    if (within !== undefined && experts !== undefined) return `.${experts}`.endsWith(`.${within}`);
    return [adapted, `${adapted}.weight`].some((own) => `.${own}`.endsWith(`.${name}`));
  });
}

/** Whether a path adapts the matrices of all experts at once. */
export function isStacked(path: string): boolean {
  return /\.experts(?:\.base_layer)?$/.test(path);
}

/** The tensors that PEFT's config names for matrices of single experts. */
export function parametersOf(paths: readonly string[]): string[] {
  const blocks = paths.filter(isOfExpert).map((path) => ofExperts.exec(path)?.[1] ?? path);
  return [...new Set(blocks)].flatMap((block) => [`${block}.gate_up_proj`, `${block}.down_proj`]);
}

/** Whether a path is that of one expert's matrix. */
export function isOfExpert(path: string): boolean {
  return /\.experts\.\d+\./.test(path);
}

/**
 * The adapter with a module for each expert in place of those of all. Gate and up of an expert share an A there: both get it.
 * Errors: adapter/does-not-fit where the model has no such experts.
 */
export function expertsApart<T extends Adapter>(
  adapter: T,
  stacked: ReadonlyMap<string, AdapterModule>,
  architecture: Pick<Architecture, 'inFiles' | 'experts'>,
  path: string,
): T {
  if (stacked.size === 0) return adapter;
  const modules = new Map(adapter.modules);
  const problems: string[] = [];
  for (const [tensor, module] of stacked) {
    const namesOf = architecture.inFiles?.(tensor);
    const count = architecture.experts?.count ?? 0;
    if (typeof namesOf !== 'function' || module.rank % count !== 0) {
      problems.push(
        `${tensor}: the model has no ${count === 0 ? '' : `${count} `}experts of that form`,
      );
      continue;
    }
    for (let expert = 0; expert < count; expert++) {
      const own = ofExpert(module, expert, count);
      const names = namesOf(expert);
      names.forEach((name, i) => {
        modules.set(name.replace(/\.weight$/, ''), rowsOf(own, i, names.length));
      });
    }
  }
  if (problems.length > 0) throw lorikeetError('adapter/does-not-fit', { path, problems });
  return { ...adapter, modules };
}

function ofExpert(
  { rank: all, a, b, in: inputs, out, ...rest }: AdapterModule,
  expert: number,
  count: number,
): AdapterModule {
  const rank = all / count;
  const own = new Float32Array(out * rank);
  for (let row = 0; row < out; row++) {
    for (let i = 0; i < rank; i++) own[row * rank + i] = b[row * all + i * count + expert] ?? NaN;
  }
  const begin = expert * rank * inputs;
  return { ...rest, rank, a: a.slice(begin, begin + rank * inputs), b: own, in: inputs, out };
}

/** The module of one of `count` matrices that lie one below the other. */
function rowsOf(module: AdapterModule, index: number, count: number): AdapterModule {
  const out = module.out / count;
  const size = out * module.rank;
  return { ...module, out, b: module.b.slice(index * size, (index + 1) * size) };
}
