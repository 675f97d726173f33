/** The cases that test/oracle/graph_operations.py writes: inputs, what PyTorch computes, and its gradients. */
import { z } from 'zod';
import { readFixture } from './fixtures.ts';

const numbers = z.object({
  shape: z.array(z.int()),
  values: z.array(z.number()).transform((values) => Float32Array.from(values)),
});

/** A tensor of a case. */
export type Numbers = z.output<typeof numbers>;

export const operationCases = readFixture(
  'expected/graph-operations/cases.json',
  z.record(
    z.string(),
    z.object({
      inputs: z.array(numbers),
      y: numbers,
      dy: numbers,
      gradients: z.array(numbers),
    }),
  ),
);

/** The case of an operation. Throws where the fixture has none. */
export function operationCase(name: string) {
  const found = operationCases[name];
  if (!found) throw new Error(`the fixture has no ${name}`);
  return found;
}
