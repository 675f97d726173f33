/** What a JSON value is, in words for a person. */

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Null, and texts, lists and objects with nothing in them: they say nothing. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'bigint') return 'a number';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** The first number inside that a chat template would write as another one, in its digits; null where there is none. */
export function unwritableNumber(value: unknown): string | null {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'beyond 1e308';
  if (typeof value !== 'object' || value === null) return null;
  for (const each of Object.values(value)) {
    const found = unwritableNumber(each);
    if (found !== null) return found;
  }
  return null;
}
