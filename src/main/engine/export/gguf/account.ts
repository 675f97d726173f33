/** The account of a written GGUF file: its tensors are read again and held against what base and adapter give. */
import { listed } from '../../../../shared/errors/listed.ts';
import type { ExportTensors } from '../../../../shared/contract/exports.ts';
import type { Adapter } from '../../checkpoint/adapter.ts';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { ggufTensorBytes } from '../../checkpoint/gguf-writer.ts';
import { openCheckpoint } from '../../checkpoint/open-checkpoint.ts';
import type { GgmlType } from '../../ggml/ggml-types.ts';
import { elements } from '../../graph/shape.ts';
import { floatTypeOf } from '../../numbers/float-formats.ts';
import { sampleOf } from '../account-tensors.ts';
import { expectedRow, halfUnit, type ExpectedRow } from '../expected-rows.ts';
import { ggufTensorSizes } from '../raw-gguf.ts';
import { blockBounds, isBlock } from './block-error.ts';
import { ChangeShare, isBelow } from './change-share.ts';
import type { GgufPlan, TypedTensor } from './write-gguf.ts';

export type GgufAccount = { tensors: ExportTensors; failures: string[] };

/** A merged file has to hold what the adapter changes: a share of ΔW below it is no merge any more. */
export const leastShare = 0.9;

/** Sums of squares over the compared numbers. */
type Sums = { error: number; size: number };
type TypeSums = Sums & { tensors: number; bytes: number };

export async function accountForGguf(
  path: string,
  base: Checkpoint,
  adapter: Adapter,
  plan: GgufPlan,
): Promise<GgufAccount> {
  const problems = tableProblems(path, plan);
  const types = new Map<GgmlType, TypeSums>();
  const change = new ChangeShare();
  let [values, largestError, merged] = [0, 0, 0];
  const written = await openCheckpoint(path);
  try {
    for (const tensor of plan.tensors) {
      const sums = types.get(tensor.type) ?? { error: 0, size: 0, tensors: 0, bytes: 0 };
      sums.tensors += 1;
      sums.bytes += ggufTensorBytes(tensor.shape, tensor.type);
      types.set(tensor.type, sums);
      for (const name of tensor.parts) {
        const found = comparePart(name, tensor, base, written, adapter);
        sums.error += found.sums.error;
        sums.size += found.sums.size;
        values += found.values;
        change.addAll(found.change);
        merged += found.change.get() === null ? 0 : 1;
        largestError = Math.max(largestError, found.share);
        if (!(found.share <= 1))
          problems.push(`${name} is off by ${found.share.toFixed(2)} times its bound`);
      }
    }
  } finally {
    written.close();
  }
  return {
    tensors: {
      compared: plan.tensors.length,
      merged,
      comparedValues: values,
      largestError,
      change: change.get(),
      types: typeRows(types),
    },
    failures: [...tensorFailures(problems), ...changeFailures(change.get())],
  };
}

/** Names and sizes by a reader of its own. */
function tableProblems(path: string, { form, tensors }: GgufPlan): string[] {
  const inFile = ggufTensorSizes(path).map(([name, size]) => `${name} ${size}`);
  const settings = [...form.settings].map(([name, { length }]) => `${name} ${length}`);
  const planned = tensors.flatMap(({ name, shape }) => {
    const slices = shape.length > 2 ? (shape[0] ?? 1) : 1;
    const size = shape.reduce((product, each) => product * each, 1) / slices;
    return Array.from({ length: slices }, () => `${name} ${size}`);
  });
  return inFile.join() === [...settings, ...planned].join()
    ? []
    : ['the table of tensors is not the one that was written'];
}

/** Some rows of one weight; see `sampleOf`. */
function comparePart(
  name: string,
  { type, arrangement }: TypedTensor,
  base: Checkpoint,
  written: Checkpoint,
  adapter: Adapter,
) {
  const before = base.rows(name);
  const found = written.read(name);
  const shape = base.tensors.get(name)?.shape ?? [];
  const columns = shape.at(-1) ?? 1;
  const module = adapter.modules.get(name.replace(/\.weight$/, '')) ?? null;
  const sums: Sums = { error: 0, size: 0 };
  const inBlocks = isBlock(type);
  let [bound, worst] = [0, 0];
  const change = new ChangeShare();
  let values = 0;
  for (const row of sampleOf(elements(shape) / columns)) {
    const at = row * columns;
    const own = new Float64Array(before(row));
    const expected = expectedRow(own, row, module, floatTypeOf.get(type) ?? 'float32');
    const bounds = boundsOf(expected, type, arrangement?.kind === 'plus one');
    values += columns;
    for (let i = 0; i < columns; i++) {
      const wanted = expected.values[i] ?? NaN;
      const got = found[at + i] ?? NaN;
      sums.error += (got - wanted) ** 2;
      sums.size += wanted ** 2;
      bound += (bounds[i] ?? NaN) ** 2;
      worst = Math.max(worst, got === wanted ? 0 : Math.abs(got - wanted) / (bounds[i] ?? NaN));
      change.add(own[i] ?? NaN, wanted, got);
    }
  }
  // One number of a block may be cut off where that helps the others.
  const share = inBlocks && sums.error > 0 ? Math.sqrt(sums.error / bound) : worst;
  return { sums, change, values, share: inBlocks && sums.error === 0 ? 0 : share };
}

function boundsOf({ values, bounds }: ExpectedRow, type: GgmlType, plusOne: boolean): Float64Array {
  // What is written is 1 + x, rounded there.
  if (plusOne) return bounds.map((bound, i) => bound + halfUnit(1 + (values[i] ?? NaN), 'float32'));
  if (!isBlock(type)) return bounds;
  const ofBlocks = blockBounds(values, type);
  return bounds.map((bound, i) => bound + (ofBlocks[i] ?? NaN));
}

function typeRows(types: ReadonlyMap<GgmlType, TypeSums>): ExportTensors['types'] {
  return [...types]
    .map(([type, { tensors, bytes, error, size }]) => ({
      ...{ type, tensors, bytes },
      error: size === 0 ? 0 : Math.sqrt(error / size),
    }))
    .sort((a, b) => b.bytes - a.bytes);
}

function tensorFailures(problems: readonly string[]): string[] {
  if (problems.length === 0) return [];
  return [`The written tensors are not those of base and adapter: ${listed([...problems], 5)}.`];
}

function changeFailures(change: ExportTensors['change']): string[] {
  if (change === null || !isBelow(change, leastShare)) return [];
  return [
    `Only ${(100 * change.share).toFixed(1)} % of what the adapter changes is in the file: the type is too coarse for it. Choose one with more bits.`,
  ];
}
