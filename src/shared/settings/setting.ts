/** A row of the table of settings, and what can be done with a table whatever its rows are. */
import type { TaskKind } from '../tasks.ts';
import type { Bounds, Kind } from './kind.ts';
import type { Need } from './needs.ts';

/**
 * What a setting belongs to. 'program': the compiled program and its data, the same for all adapters trained together.
 * 'adapter': the adapter's own, and so what variants may vary. 'schedule': of its own too, and neither memory nor steps follow from it.
 */
export type Scope = 'program' | 'adapter' | 'schedule';

/** A label and a word of help, said the same way on every screen. */
export type Term = { label: string; help: string };

/** What a chosen model bounds: the rank by its matrices, a block by its context. */
export type ModelBounds = { rank: Bounds; sequenceLength: Bounds };

export type Setting<V, S extends Scope = Scope> = Term & {
  /** Follows the value where it is shown: 'tokens'. */
  unit?: string;
  kind: Kind<V>;
  /** Of a new run, and of a record from before the setting was there. */
  default: V;
  /** Long option of the command line, without its dashes. */
  flag: string;
  scope: S;
  /** Means something in this task alone. */
  task?: TaskKind;
  /** Means something only where the model or other settings have this. */
  needs?: Need;
  /** Seldom changed: the form folds it away. */
  folded?: boolean;
  /** The chosen model has a word in what fits. */
  bounds?: keyof ModelBounds;
};

/** Rows by the key of the configuration. */
export type Table<V> = { readonly [K in keyof V]: Setting<V[K]> };
/** The values that a table describes. */
export type ValuesOf<T> = { -readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : never };

/** A row, its types taken from its kind and scope. */
export function setting<V, const S extends Scope>(row: Setting<NoInfer<V>, S> & { kind: Kind<V> }) {
  return row;
}

/** The keys of a table in its order. */
export function keysOf<T extends object>(table: T): Extract<keyof T, string>[] {
  const keys: Extract<keyof T, string>[] = [];
  for (const key in table) keys.push(key);
  return keys;
}

/** The default of every row. */
export function defaultsOf<V>(table: Table<V>): V {
  const values: Partial<V> = {};
  for (const key of keysOf(table)) values[key] = table[key].default;
  return complete(values, keysOf(table));
}

/** The values that `table` has rows for, out of more. */
export function valuesOf<V>(table: Table<V>, all: NoInfer<V>): V {
  const values: Partial<V> = {};
  for (const key of keysOf(table)) values[key] = all[key];
  return complete(values, keysOf(table));
}

/** `made` once it has something under each of the `keys`. A key without is a fault of the program. */
export function complete<R>(made: Partial<R>, keys: readonly Extract<keyof R, string>[]): R {
  if (isComplete(made, keys)) return made;
  throw new RangeError('a row of the settings is left out');
}

function isComplete<R>(made: Partial<R>, keys: readonly string[]): made is R {
  return keys.every((key) => Object.hasOwn(made, key));
}
