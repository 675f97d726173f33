/** The adapters of a program that generates, as matrices that are made once and read for every token. */
import { call, defineFunction } from '../graph/function.ts';
import { present, type Node, type Tensor } from '../graph/node.ts';
import type { Program } from '../graph/program.ts';
import * as o from '../graph/ops/index.ts';
import { bankPieces, slotsByLayer } from '../lora/bank.ts';
import { gateColumns, type BankLayout } from '../lora/layout.ts';
import { adapterMatrices, slotsOn, type AdapterMatrices } from '../model/adapter-matrices.ts';
import { linearsOf, type Architecture } from '../model/architecture.ts';
import type { BaseMatrix } from '../model/base-matrix.ts';
import type { BaseWeights } from '../model/base-weights.ts';
import type { PreparedGroup } from '../model/cached-layer.ts';
import { fillSlots, type FilledSlot } from '../model/layer-slots.ts';
import { linearGroups, type LinearGroup } from '../model/linear-groups.ts';

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
  // Matrices that are held packed become dense for DoRA's lengths, one at a time.
  let before: Node[] = [];
  const matricesOf = (group: LinearGroup, base: BaseMatrix, slots: readonly FilledSlot[]) => {
    const columns = gateColumns(layout);
    if (!slots.some(({ magnitude }) => magnitude)) {
      return adapterMatrices(group, base, slots, columns);
    }
    const made = matricesInFunction(group, base, slots, columns, before);
    before = [made.a.node];
    return made;
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
        const made = base ? matricesOf(group, base, slots) : null;
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

/** `adapterMatrices` of slots with magnitudes, once `before` has run. */
function matricesInFunction(
  group: LinearGroup,
  base: BaseMatrix,
  slots: readonly FilledSlot[],
  columns: number,
  before: readonly Node[],
): AdapterMatrices<Tensor> {
  const ofSlots = slots.flatMap(({ a, b, magnitude }) => [a, b, ...(magnitude ? [magnitude] : [])]);
  const args = [...ofSlots, ...base.tensors];
  const fn = defineFunction(
    'adapter_matrices',
    args,
    (given) => {
      const waiting = given.values();
      const next = () => present(waiting.next().value);
      const own = slots.map((slot) => ({
        ...slot,
        ...{ a: next(), b: next(), magnitude: slot.magnitude && next() },
      }));
      const made = adapterMatrices(group, base.withTensors([...waiting]), own, columns);
      return made ? [made.a, made.b, ...(made.ratiosMinusOne ? [made.ratiosMinusOne] : [])] : [];
    },
    { compiled: false },
  );
  const [a, b, ratiosMinusOne = null] = call(fn, args, before);
  return { a: present(a), b: present(b), ratiosMinusOne };
}
