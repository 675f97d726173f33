/** First values of a head that is trained whole. */
import { elements } from '../graph/shape.ts';
import type { VectorShape } from '../model/architecture.ts';
import { createRandom } from '../random.ts';
import type { AdapterSlots } from './layout.ts';

/** A stream of the seed that nothing else uses. */
const headStream = 0x68656164;

/** Matrices normal with the deviation, biases 0: transformers' `_init_weights`. */
export function freshHead(
  parts: readonly VectorShape[],
  deviation: number,
  seed: number,
): Map<string, Float32Array> {
  const random = createRandom(seed, headStream);
  return new Map(
    parts.map(({ path, shape }) => {
      const values = new Float32Array(elements(shape));
      if (shape.length > 1) for (const i of values.keys()) values[i] = random.normal() * deviation;
      return [path, values];
    }),
  );
}

/** Writes a head's values to their place in the vector [P]. */
export function placeHead(
  parameters: Float32Array,
  { wholes }: AdapterSlots,
  values: (path: string) => Float32Array | undefined,
): void {
  for (const { path, at } of wholes) {
    const own = values(path);
    if (!own) throw new RangeError(`the head has no ${path}`);
    parameters.set(own, at);
  }
}
