/** The adapters of a program that generates, as matrices that are made once and read for every token. */
import type { Tensor } from '../graph/node.ts';
import type { Program } from '../graph/program.ts';
import * as o from '../graph/ops/index.ts';
import { bankPieces, slotsByLayer } from '../lora/bank.ts';
import { gateColumns, type BankLayout } from '../lora/layout.ts';
import { adapterMatrices, slotsOn } from '../model/adapter-matrices.ts';
import { linearsOf, type Architecture } from '../model/architecture.ts';
import type { BaseWeights } from '../model/base-weights.ts';
import type { PreparedGroup } from '../model/cached-layer.ts';
import { fillSlots } from '../model/layer-slots.ts';
import { linearGroups } from '../model/linear-groups.ts';

export type PreparedAdapters = {
  /** By layer, then by the name of the group of linear layers. */
  layers: readonly ReadonlyMap<string, PreparedGroup>[];
  /** [P] is fed, `done` is fetched; null without adapters. Base weights have to be set before. */
  prepare: { parameters: Tensor; done: Tensor } | null;
};

export function preparedAdapters(
  program: Program,
  architecture: Architecture,
  layout: BankLayout,
  weights: BaseWeights,
): PreparedAdapters {
  const parameters =
    layout.size > 0 ? program.placeholder('parameters', 'float32', [layout.size]) : null;
  const assigned: ReturnType<Program['assign']>[] = [];
  /** A tensor kept in a variable: as it is once it has been prepared. */
  const kept = (name: string, value: Tensor): Tensor => {
    const variable = program.variable(name, value.dtype, value.shape);
    assigned.push(program.assign(variable.handle, value));
    return variable.value;
  };
  const adapters = slotsByLayer(
    bankPieces(layout, parameters).slots,
    architecture.config.numHiddenLayers,
  );
  const layers = adapters.map((own, layer) => {
    const filled = own.flatMap(({ vector, slots }) => fillSlots(vector, slots));
    const prepared = linearGroups(linearsOf(architecture, layer)).map(
      (group): [string, PreparedGroup] => {
        const slots = slotsOn(group, filled);
        const base = weights.layers[layer]?.groups.get(group.name)?.matrix;
        const made = base ? adapterMatrices(group, base, slots, gateColumns(layout)) : null;
        const name = `adapters.${layer}.${group.name}`;
        const matrices = made && {
          a: kept(`${name}.a`, o.cast(made.a, weights.computeType)),
          b: kept(`${name}.b`, o.cast(made.b, weights.computeType)),
          ratiosMinusOne:
            made.ratiosMinusOne && kept(`${name}.ratios_minus_one`, made.ratiosMinusOne),
        };
        return [group.name, { slots, matrices }];
      },
    );
    return new Map(prepared);
  });
  const prepare = parameters && { parameters, done: program.done(assigned) };
  return { layers, prepare };
}
