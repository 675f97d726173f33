/** Which numbers of an adapted module learn: all of them, but for the frozen ranks of PiSSA and OLoRA. */
import type { Slot } from './layout.ts';

/** Half-open ranges of the parameter vector. */
export type Range = readonly [begin: number, end: number];

/** The learning ranks of A and of B, and the magnitudes. */
export type LearningParts = { a: Range[]; b: Range[]; m: Range[] };

/** Frozen ranks are the last rows of A, and the last columns of B. */
export function learningParts({ module, rank, frozenRank, a, b, m }: Slot): LearningParts {
  const learning = rank - frozenRank;
  const rowOfB = (row: number): Range => [b + row * rank, b + row * rank + learning];
  return {
    a: [[a, a + learning * module.in]],
    b:
      frozenRank === 0
        ? [[b, b + module.out * rank]]
        : Array.from({ length: module.out }, (_, row) => rowOfB(row)),
    m: m === null ? [] : [[m, m + module.out]],
  };
}
