/** Which classes are taken for which. */
import type { TaskReport } from '../../shared/contract/run-points.ts';

/** A matrix of more classes is no longer read; its largest mistakes are. */
export const mostInMatrix = 12;

export type Confusion = { wanted: string; answered: string; examples: number };

/** The most common mistakes, the largest first. */
export function commonMistakes(
  { classes, confusion }: Pick<TaskReport, 'classes' | 'confusion'>,
  most: number,
): Confusion[] {
  const label = (index: number) => classes[index]?.label ?? '';
  const mistakes = (confusion ?? []).flatMap((row, i) =>
    row.flatMap((examples, j) =>
      i === j || examples === 0 ? [] : [{ wanted: label(i), answered: label(j), examples }],
    ),
  );
  return mistakes.sort((one, other) => other.examples - one.examples).slice(0, most);
}
