/** Which numbers of a change DARE keeps: a seed's choice, the same on every machine. */
import { createRandom } from '../random.ts';

/** A stream of the seed that nothing else uses. */
const dareStream = 0x64617265;

/**
 * 1 for what stays, each with the probability `density`, 0 for what goes: [out · in], row-major. Each part has a stream of its own in
 * each module, so that a choice does not depend on what other modules there are.
 */
export function dareMask(
  { density, seed }: { density: number; seed: number },
  { part, path }: { part: number; path: string },
  size: number,
): Uint8Array {
  const letters = Array.from(path, (letter) => letter.codePointAt(0) ?? 0);
  const random = createRandom(seed, dareStream, part, ...letters);
  // In steps of 2⁻³²; a density of 1 is over every number.
  const end = density * 2 ** 32;
  const mask = new Uint8Array(size);
  for (let i = 0; i < size; i++) mask[i] = random.uint32() < end ? 1 : 0;
  return mask;
}
