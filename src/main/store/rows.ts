/** From rows to records: every row is parsed on its way out, so that a damaged or foreign one is noticed. */
import { z } from 'zod';

/** A column that holds JSON text of the given shape. */
export function json<T extends z.ZodType>(shape: T) {
  return z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(shape);
}

/** `['addedAt']` → `added_at as "addedAt"`: columns are snake_case, records camelCase. */
export function select(fields: readonly string[], table: string): string {
  return fields.map((field) => `${table}.${column(field)} as "${field}"`).join(', ');
}

/** `learningRate` → `learning_rate`. */
export function column(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `insert into table (a, b) values (@a, @b)`, from the names of a record's fields. */
export function insert(table: string, fields: readonly string[]): string {
  const columns = fields.map(column).join(', ');
  return `insert into ${table} (${columns}) values (${fields.map((field) => `@${field}`).join(', ')})`;
}
