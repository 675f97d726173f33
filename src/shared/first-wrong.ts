/**
 * Schemas of lists and records that come from files: the first wrong item is the only one that is told. Zod has an issue for each,
 * which for a hundred thousand of them takes many times the memory of the file.
 */
import { z } from 'zod';

/** Items that are judged at once, whose issues there may be at the same time. */
const atOnce = 256;

type Lengths = { least?: number; most?: number };

/** A list of `item`s, of `least` to `most`. */
export function listOf<T>(item: z.ZodType<T>, { least = 0, most = Infinity }: Lengths = {}) {
  const part = z.array(item);
  return z.array(z.unknown()).check(z.minLength(least), z.maxLength(most)).transform((values, context): T[] => {
    const items: T[] = [];
    for (let begin = 0; begin < values.length; begin += atOnce) {
      const { data, error } = part.safeParse(values.slice(begin, begin + atOnce));
      if (error) return firstOf(error, context, (index) => Number(index) + begin);
      for (const each of data) items.push(each);
    }
    return items;
  });
}

/** A record from `key`s to `value`s. */
export function recordOf<V>(key: z.ZodType<string, string>, value: z.ZodType<V>) {
  const part = z.record(key, value);
  return z.record(z.string(), z.unknown()).transform((record, context): Record<string, V> => {
    const entries: [string, V][] = [];
    const given = Object.entries(record);
    for (let begin = 0; begin < given.length; begin += atOnce) {
      const { data, error } = part.safeParse(Object.fromEntries(given.slice(begin, begin + atOnce)));
      if (error) return firstOf(error, context, (name) => name);
      for (const entry of Object.entries(data)) entries.push(entry);
    }
    return Object.fromEntries(entries);
  });
}

/** Adds the first issue, with its place in the whole. */
function firstOf(
  { issues }: z.ZodError,
  context: z.RefinementCtx,
  placed: (key: PropertyKey) => PropertyKey,
): never {
  const [first] = issues;
  const [key, ...deeper] = first?.path ?? [];
  const path = key === undefined ? [] : [placed(key), ...deeper];
  context.addIssue({ code: 'custom', message: first?.message ?? 'wrong', path });
  return z.NEVER;
}
