/** Examples that say the same, word for word: within the data, and between what is learnt from and what is held back. */
import { createHash } from 'node:crypto';
import type { DataReport } from '../../../shared/contract/data-report.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { LorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { splitExamples } from '../dataset/split.ts';

export type Lined = { line: number };
/** What a run would hold back for validation, and the seed that a part of the file is chosen by. */
export type HeldBack = Pick<TrainingConfig, 'validation' | 'seed'>;

/** So many are named. */
const named = 5;

/** A name for all that an example says: equal for examples that differ in their line alone. */
function nameOf(example: Lined): string {
  const content = JSON.stringify({ ...example, line: 0 });
  return createHash('sha1').update(content).digest('base64');
}

/** The first line of everything that is said. */
function firstLines(examples: readonly Lined[]): Map<string, number> {
  const first = new Map<string, number>();
  for (const example of examples) {
    const name = nameOf(example);
    if (!first.has(name)) first.set(name, example.line);
  }
  return first;
}

function sameAs(
  examples: readonly Lined[],
  first: ReadonlyMap<string, number>,
): DataReport['repeats'] {
  const same = examples.flatMap((example) => {
    const of = first.get(nameOf(example));
    return of === undefined ? [] : [{ line: example.line, of }];
  });
  return { examples: same.length, first: same.slice(0, named) };
}

/** Those that say what an earlier one says. */
export function repeatsIn(examples: readonly Lined[]): DataReport['repeats'] {
  const first = firstLines(examples);
  const later = examples.filter((example) => first.get(nameOf(example)) !== example.line);
  return sameAs(later, first);
}

/** The two parts of a run's examples, or those of a file of its own; null where none are held back, or there are too few. */
export async function overlapOf<E extends Lined>(
  examples: readonly E[],
  { validation, seed }: HeldBack,
  read: (path: string) => Promise<readonly E[]>,
): Promise<DataReport['overlap']> {
  const between = (train: readonly E[], held: readonly E[]) => ({
    ...sameAs(held, firstLines(train)),
    held: held.length,
  });
  switch (validation.kind) {
    case 'none':
      return null;
    case 'split': {
      if (examples.length < 2) return null;
      const parts = splitExamples(examples, validation.fraction, seed, '');
      return between(parts.train, parts.validation);
    }
    case 'file': {
      const held = await orNull(read(validation.path));
      return held && between(examples, held);
    }
  }
}

/** What is wrong with the other file is said where that is read for a run. */
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof LorikeetError) return null;
    throw thrown;
  }
}
