/** How the adapters of routed experts are named in adapter_config.json, which has names for what all experts have. */
import type { AdapterModule } from './adapter.ts';

type Modules = ReadonlyMap<string, AdapterModule>;

/** 'model.layers.0.mlp.experts.3.up_proj' → 'model.layers.0.mlp.experts.up_proj'; undefined for a path of no expert. */
function ofAllExperts(path: string): string | undefined {
  const [, before, matrix] = /^(.*experts)\.\d+\.([^.]+)$/.exec(path) ?? [];
  return before === undefined || matrix === undefined ? undefined : `${before}.${matrix}`;
}

/** Whether a path is that of a matrix of one expert. */
export function isOfExpert(path: string): boolean {
  return ofAllExperts(path) !== undefined;
}

/** Whether a path stands for a matrix of all experts. */
export function isOfAllExperts(path: string): boolean {
  return /experts\.[^.]+$/.test(path);
}

/** Paths with one for all experts in place of those of each. */
export function withoutExperts(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => ofAllExperts(path) ?? path))];
}

/**
 * The modules with one entry for a matrix that every expert of a layer has with the same rank and alpha.
 * @param linears paths of the linear layers inside a layer of the base
 */
export function expertsTogether(modules: Modules, linears: readonly string[]): Modules {
  const groups = new Map<string, [string, AdapterModule][]>();
  for (const [path, module] of modules) {
    const key = ofAllExperts(path) ?? path;
    groups.set(key, [...(groups.get(key) ?? []), [path, module]]);
  }
  return new Map(
    [...groups].flatMap(([key, own]): [string, AdapterModule][] => {
      const [first] = own;
      const wanted = linears.filter((path) => {
        const all = ofAllExperts(path);
        return all !== undefined && `.${key}`.endsWith(`.${all}`);
      });
      const alike = own.every(
        ([, { rank, alpha }]) => rank === first?.[1].rank && alpha === first[1].alpha,
      );
      return first && alike && own.length === wanted.length ? [[key, first[1]]] : own;
    }),
  );
}

type ExpertParameters = {
  parameters: string[];
  rankPattern: Record<string, number>;
  alphaPattern: Record<string, number>;
};

/**
 * Adapters on all experts as PEFT's `target_parameters`: for models where a matrix of an expert has the name of another module,
 * which PEFT would take alone. Gate and up are one parameter there with the ranks of both, so that the scaling needs twice the
 * alpha, or √2 times under rsLoRA. Null where the experts have no such form.
 * @param modules from `expertsTogether`
 */
export function expertParameters(modules: Modules, useRslora: boolean): ExpertParameters | null {
  const experts = [...modules].filter(([path]) => isOfAllExperts(path));
  const byBlock = new Map<string, Map<string, AdapterModule>>();
  for (const [path, module] of experts) {
    const [, block = '', matrix = ''] = /^(.*experts)\.([^.]+)$/.exec(path) ?? [];
    byBlock.set(
      block,
      (byBlock.get(block) ?? new Map<string, AdapterModule>()).set(matrix, module),
    );
  }
  const found: ExpertParameters = { parameters: [], rankPattern: {}, alphaPattern: {} };
  const add = (parameter: string, rank: number, alpha: number) => {
    const pattern = parameter.replaceAll('.', String.raw`\.`);
    found.parameters.push(parameter);
    found.rankPattern[pattern] = rank;
    found.alphaPattern[pattern] = alpha;
  };
  for (const [block, matrices] of byBlock) {
    const [gate, up, down] = ['gate_proj', 'up_proj', 'down_proj'].map((name) =>
      matrices.get(name),
    );
    if (gate?.rank !== up?.rank || gate?.alpha !== up?.alpha) return null;
    const twice = useRslora ? Math.SQRT2 : 2;
    if (gate) add(`${block}.gate_up_proj`, 2 * gate.rank, twice * gate.alpha);
    if (down) add(`${block}.down_proj`, down.rank, down.alpha);
  }
  return found;
}
