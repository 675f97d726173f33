/** Changes of a JSON value: other types, numbers, texts and keys, lists that are long and lists that are deep. */
import { isObject } from '../../src/shared/is-object.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { integer, once, pick, text, type Random } from './pick.ts';

/** The text of a changed copy, which now and then is no JSON. */
export function mutateJson(json: Buffer, random: Random): Buffer {
  if (once(random, 12)) return mutateBytes(json, random);
  const value: unknown = JSON.parse(json.toString('utf8'));
  let changed = value;
  for (let left = 1 + random.below(3); left > 0; left--) changed = change(changed, random);
  const written = JSON.stringify(changed).replaceAll('"DEEP"', deep(random));
  return Buffer.from(written);
}

/** Stands for what JSON.stringify could not write itself. */
function deep(random: Random): string {
  const depth = pick(random, [100, 1000, 100_000, 1_000_000]);
  return once(random, 2)
    ? '['.repeat(depth) + ']'.repeat(depth)
    : `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`;
}

function change(value: unknown, random: Random): unknown {
  const inside = once(random, 12) ? [] : keysOf(value);
  const key = inside[random.below(Math.max(1, inside.length))];
  if (key === undefined) return other(value, random);
  if (Array.isArray(value)) {
    const items = value.map((each: unknown) => each);
    const at = Number(key);
    const way = random.below(8);
    if (way === 0) items.splice(at, 1);
    else if (way === 1) {
      items.push(...Array.from({ length: 1 + random.below(500) }, () => items[at]));
    } else items[at] = change(items[at], random);
    return items;
  }
  if (!isObject(value)) return other(value, random);
  const entries = Object.entries(value);
  const at = entries.findIndex(([name]) => name === key);
  const inner = value[key];
  const way = random.below(10);
  if (way === 0) entries.splice(at, 1);
  else if (way === 1) entries[at] = [text(random), inner];
  else if (way === 2) entries[at] = [key, pick(random, [value, ...Object.values(value)])];
  else entries[at] = [key, change(inner, random)];
  return Object.fromEntries(entries);
}

function keysOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function other(value: unknown, random: Random): unknown {
  switch (random.below(40)) {
    case 0:
      return null;
    case 1:
      return pick(random, [true, false, [], {}, '', 0]);
    case 2:
      return 'DEEP';
    case 3:
      return Array.from({ length: pick(random, [1, 1000, 200_000]) }, () =>
        pick<unknown>(random, [0, '', [], {}]),
      );
    case 4:
      return Object.fromEntries(Array.from({ length: random.below(2000) }, (_, i) => [`k${i}`, i]));
    case 5:
    case 6:
      return [value, value];
    case 7:
      return { type: value };
    default:
      return once(random, 2) ? number(random) : text(random);
  }
}

function number(random: Random): number {
  return once(random, 4) ? pick(random, [0.5, -0.5, 1e-320, 1e308]) : integer(random);
}
