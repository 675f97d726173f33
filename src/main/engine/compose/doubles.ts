/** float64 numbers into a session and out of it: TensorFlow's binding carries their bytes only. */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import type { Program } from '../graph/program.ts';
import type { TensorData } from '../runtime/tensor-data.ts';

/** A vector [size] that is given with every run; `feed` takes what `bytesOf` gives. */
export type DoublesInput = { feed: Tensor; values: Tensor };

export function doublesInput(program: Program, name: string, size: number): DoublesInput {
  const feed = program.placeholder(name, 'uint8', [size, 8]);
  return { feed, values: o.bitcast(feed, 'float64') };
}

export function bytesOf(values: Iterable<number>): Uint8Array {
  return new Uint8Array(Float64Array.from(values).buffer);
}

/** A float64 tensor as it can be fetched; `doublesOf` reads what comes. */
export function fetchable(x: Tensor): Tensor {
  return o.bitcast(x, 'int32');
}

export function doublesOf(fetched: TensorData | undefined): Float64Array {
  if (!(fetched instanceof Int32Array)) throw new TypeError('expected float64 numbers in pairs');
  return new Float64Array(fetched.slice().buffer);
}
