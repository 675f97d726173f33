/** Holds the written tensors against those of the base's files, one by one: names, shapes, type, number, and values. */
import type { MergeDtype } from '../../../shared/contract/merge-report.ts';
import type { Adapter, AdapterModule } from '../checkpoint/adapter.ts';
import { expectedRow } from './expected-rows.ts';
import { decoded, type RawModel, type RawTensor } from './raw-safetensors.ts';

/** A tensor of the base as it has to be written. */
export type BaseTensor = {
  shape: readonly number[];
  /** What gives the values of single rows; it may hold all of them. */
  rows(): (row: number) => Float64Array;
  /** Its bytes, where they can be compared as they are. */
  raw: RawTensor | null;
};

export type TensorAccount = {
  written: number;
  merged: number;
  /** Numbers that were compared. */
  values: number;
  /** The largest error, as a share of the largest that is allowed for it. */
  largestError: number;
  /** One sentence for each tensor with which something is wrong. */
  problems: string[];
};

const dtypes: Readonly<Record<MergeDtype, string>> = {
  float32: 'F32',
  bfloat16: 'BF16',
  float16: 'F16',
};
/** Rows that are compared where numbers are computed or converted: so many, evenly over the tensor, the first and last among them. */
export const sampledRows = 32;
const chunkBytes = 8 << 20;

export function accountForTensors(
  base: ReadonlyMap<string, BaseTensor>,
  written: RawModel,
  adapter: Adapter,
  dtype: MergeDtype,
): TensorAccount {
  const account: TensorAccount = {
    written: written.tensors.size,
    merged: 0,
    values: 0,
    largestError: 0,
    problems: [...written.tensors.keys()]
      .filter((name) => !base.has(name))
      .map((name) => `${name} is written and not in the base`),
  };
  for (const [name, tensor] of base) {
    const found = written.tensors.get(name);
    const module = adapter.modules.get(name.replace(/\.weight$/, '')) ?? null;
    const problem = found === undefined ? 'is not written' : formOf(tensor, found, dtypes[dtype]);
    if (problem !== null) account.problems.push(`${name} ${problem}`);
    else if (found) compare(account, name, tensor, found, module, dtype);
    if (module !== null) account.merged += 1;
  }
  for (const path of adapter.modules.keys()) {
    if (!base.has(`${path}.weight`)) account.problems.push(`${path} has an adapter and no weight`);
  }
  return account;
}

function formOf(base: BaseTensor, written: RawTensor, dtype: string): string | null {
  if (written.dtype !== dtype) return `is written as ${written.dtype}, not as ${dtype}`;
  if (written.shape.join() === base.shape.join()) return null;
  return `is written as [${written.shape.join(', ')}] and is [${base.shape.join(', ')}] in the base`;
}

function compare(
  account: TensorAccount,
  name: string,
  base: BaseTensor,
  written: RawTensor,
  module: AdapterModule | null,
  dtype: MergeDtype,
): void {
  const before = account.problems.length;
  if (module === null && base.raw?.dtype === written.dtype) {
    account.values += written.rows * written.columns;
    if (!sameBytes(base.raw, written)) account.problems.push(`${name} is not that of the base`);
    return;
  }
  const rowOfBase = base.rows();
  for (const row of sampleOf(written.rows)) {
    const found = decoded(written.read(row, 1), written.dtype);
    const expected = expectedRow(rowOfBase(row), row, module, dtype);
    account.values += found.length;
    found.forEach((value, i) => {
      const bound = expected.bounds[i] ?? NaN;
      const share = Math.abs(value - (expected.values[i] ?? NaN)) / bound;
      if (share <= 1) account.largestError = Math.max(account.largestError, share);
      else if (account.problems.length === before) {
        account.largestError = Math.max(
          account.largestError,
          Number.isNaN(share) ? Infinity : share,
        );
        const both = `${value}, and base and adapter give ${expected.values[i] ?? NaN}`;
        account.problems.push(`${name}[${row}, ${i}] is ${both}`);
      }
    });
  }
}

/** Up to `most` places out of so many, evenly, the first and last among them. */
export function sampleOf(places: number, most = sampledRows): number[] {
  const count = Math.min(places, most);
  const last = Math.max(1, count - 1);
  return Array.from({ length: count }, (_, i) => Math.round((i * (places - 1)) / last));
}

function sameBytes(one: RawTensor, other: RawTensor): boolean {
  const rows = Math.max(1, Math.floor(chunkBytes / (4 * one.columns)));
  for (let first = 0; first < one.rows; first += rows) {
    const count = Math.min(rows, one.rows - first);
    if (!one.read(first, count).equals(other.read(first, count))) return false;
  }
  return true;
}
