/** Random choices of the mutators: numbers, texts and places, many of them where readers are known to break. */
import { createRandom, type Random } from '../../src/main/engine/random.ts';

export type { Random };

/** The stream of one input: the same seed, reader and number give the same bytes on every machine. */
export function randomOf(seed: number, reader: string, index: number): Random {
  return createRandom(seed, ...Buffer.from(reader), index);
}

/** One of a list that is not empty. */
export function pick<T>(random: Random, list: readonly [T, ...T[]]): T {
  return list[random.below(list.length)] ?? list[0];
}

/** True once in `times`. */
export function once(random: Random, times: number): boolean {
  return random.below(times) === 0;
}

const integers = [
  ...[0, 1, 2, 3, 7, 8, 31, 32, 127, 128, 255, 256, 65_535, 65_536, 1e6, 1e9],
  ...[2 ** 24, 2 ** 30, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 63],
] as const;

export function integer(random: Random): number {
  const size = pick(random, [...integers] as [number, ...number[]]);
  return once(random, 4) ? -size : size;
}

/** An unsigned number of 64 bits. */
export function bits64(random: Random): bigint {
  if (once(random, 3)) return (BigInt(random.uint32()) << 32n) | BigInt(random.uint32());
  return BigInt.asUintN(64, BigInt(integer(random)));
}

const texts = [
  ...[
    '',
    ' ',
    'a',
    'x'.repeat(20_000),
    '\u0000',
    '\ud83d\ude00',
    '../../escape',
    '/etc/passwd',
    '..',
    '.',
  ],
  ...['__proto__', 'constructor', 'toString', 'NaN', 'null', '%s', '$&$&$&$&', '\\', '"', '[MASK]'],
  // Patterns that try every way, or that are none.
  ...[
    '(a+)+$',
    '(?:.*)*x',
    '(x+x+)+y',
    '\\s*\\s*\\s*$',
    '(.|\\s)+(.|\\s)+!',
    '(',
    '[',
    '(?<n>',
    '\\p{',
  ],
  ...['{{ "x" * 9 }}', '{% for i in range(999999999) %}x{% endfor %}', '{{ messages'],
] as const;

export function text(random: Random): string {
  const chosen = pick(random, [...texts] as [string, ...string[]]);
  return once(random, 8) ? chosen.repeat(1 + random.below(50)) : chosen;
}
