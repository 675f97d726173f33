/** The adapters of a program that generates, as matrices that are made once and read for every token. */
import { present, type Tensor } from '../graph/node.ts';
import type { Program } from '../graph/program.ts';
import * as o from '../graph/ops/index.ts';
import { adaptersByLayer, bankPieces } from '../lora/bank.ts';
import { gateColumns, type BankLayout } from '../lora/layout.ts';
import {
  adapterMatrices,
  partsOn,
  type AdapterMatrices,
  type AdapterRanks,
} from '../model/adapter-matrices.ts';
import { cutVector } from '../model/adapter-vector.ts';
import type { BaseWeights } from '../model/base-weights.ts';
import type { LlamaConfig } from '../model/config.ts';
import { projections } from '../model/projection.ts';

/** What sits on one projection of one layer. */
export type PreparedAdapters = {
  parts: readonly AdapterRanks[];
  matrices: AdapterMatrices<Tensor> | null;
};

export type AdapterPreparation = {
  /** By layer, then by the projection's name. */
  layers: readonly ReadonlyMap<string, PreparedAdapters>[];
  /** [P] is fed, `done` is fetched; null without adapters. Base weights have to be set before. */
  prepare: { parameters: Tensor; done: Tensor } | null;
};

export function preparedAdapters(
  program: Program,
  config: LlamaConfig,
  layout: BankLayout,
  weights: BaseWeights,
): AdapterPreparation {
  const parameters =
    layout.size > 0 ? program.placeholder('parameters', 'float32', [layout.size]) : null;
  const assigned: ReturnType<Program['assign']>[] = [];
  /** A tensor kept in a variable: as it is once it has been prepared. */
  const kept = (name: string, value: Tensor): Tensor => {
    const variable = program.variable(name, value.dtype, value.shape);
    assigned.push(program.assign(variable.handle, value));
    return variable.value;
  };
  const adapters = adaptersByLayer(bankPieces(layout, parameters), config.numHiddenLayers);
  const layers = adapters.map(({ site, vectors }, layer) => {
    const given = site.flatMap((own, i) => cutVector(present(vectors[i]), own));
    const prepared = projections(config).map((projection): [string, PreparedAdapters] => {
      const parts = partsOn(projection, given);
      const product = weights.layers[layer]?.products.get(projection.name);
      const made = product
        ? adapterMatrices(projection, product.value, parts, gateColumns(layout))
        : null;
      const name = `adapters.${layer}.${projection.name}`;
      const matrices = made && {
        a: kept(`${name}.a`, o.cast(made.a, weights.computeType)),
        b: kept(`${name}.b`, o.cast(made.b, weights.computeType)),
        growth: made.growth && kept(`${name}.growth`, made.growth),
      };
      return [projection.name, { parts, matrices }];
    });
    return new Map(prepared);
  });
  const prepare = parameters && { parameters, done: program.done(assigned) };
  return { layers, prepare };
}
