/** What answers in a column of the playground is called. */
import { formatSmall } from './format.ts';

type Part = { id: number; weight: number };

/** 'Base model'; 'smart-home'; 'smart-home × 0.7 + orders × 0.3'. */
export function sayColumn(parts: readonly Part[], nameOf: (id: number) => string): string {
  if (parts.length === 0) return 'Base model';
  return parts
    .map(({ id, weight }) => (weight === 1 ? nameOf(id) : `${nameOf(id)} × ${formatSmall(weight)}`))
    .join(' + ');
}
