/** Parsers of settings, from the rows of their table. */
import { z } from 'zod';
import type { Kind } from './kind.ts';
import { complete, keysOf, type Table } from './setting.ts';

/** Takes what is of the kind and fits. */
export function schemaOf<V>(kind: Kind<V>): z.ZodCustom<V, V> {
  return z.custom<V>((value) => kind.is(value) && kind.fits(value), {
    error: ({ input }) => kind.wrong?.(input) ?? `expected ${kind.expected()}`,
  });
}

type Shape<V> = { [K in keyof V]: z.ZodPrefault<z.ZodCustom<V[K], V[K]>> };

/** A parser for each row. A record from before a setting was there has its default. */
export function shapeOf<V>(table: Table<V>): Shape<V> {
  const shape: Partial<Shape<V>> = {};
  for (const key of keysOf(table)) {
    shape[key] = schemaOf(table[key].kind).prefault(table[key].default);
  }
  return complete<Shape<V>>(shape, keysOf(table));
}
