/** By which column the rows of a table are sorted. */
export type Sorting = { by: string; direction: 'ascending' | 'descending' };

/** After the head of a column was pressed: ascending, then descending, then as the rows came. */
export function pressed(sorting: Sorting | null, by: string): Sorting | null {
  if (sorting?.by !== by) return { by, direction: 'ascending' };
  return sorting.direction === 'ascending' ? { by, direction: 'descending' } : null;
}

/** The rows' indices in the order of their values; equal ones as they came, and what has no value last in either direction. */
export function sortedBy(
  values: readonly (number | string | null)[],
  direction: Sorting['direction'],
): number[] {
  const sign = direction === 'ascending' ? 1 : -1;
  const isNone = (value: number | string | null | undefined) =>
    value === null || value === undefined || Number.isNaN(value);
  return [...values.keys()].sort((one, other) => {
    const [a, b] = [values[one], values[other]];
    if (isNone(a) || isNone(b)) return Number(isNone(a)) - Number(isNone(b));
    return typeof a === 'number' && typeof b === 'number'
      ? sign * (a - b)
      : sign * String(a).localeCompare(String(b));
  });
}
