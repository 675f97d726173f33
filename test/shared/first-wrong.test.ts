/** Lists and records of files: all of their items as the schema gives them, or the first that is wrong. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { listOf, recordOf } from '../../src/shared/first-wrong.ts';

const many = Array.from({ length: 1000 }, (_, n) => n);

test('a list has what its items become', () => {
  const doubled = listOf(z.int().transform((n) => 2 * n));
  expect(doubled.parse(many)).toEqual(many.map((n) => 2 * n));
  expect(doubled.parse([])).toEqual([]);
  expect(doubled.safeParse('ab').success).toBe(false);
});

test.each([0, 255, 256, 999])('of a list that is wrong from item %d on the first is told', (from) => {
  const wrong = many.map((n) => (n < from ? { id: n } : { id: 'x' }));
  const { error } = listOf(z.object({ id: z.int() })).safeParse(wrong);
  expect(error?.issues).toHaveLength(1);
  expect(error?.issues).toMatchObject([{ path: [from, 'id'] }]);
  expect(error?.issues[0]?.message).toMatch(/expected number/);
});

test('a list has its least and its most', () => {
  const list = listOf(z.int(), { least: 1, most: 3 });
  expect([[], [1], [1, 2, 3], [1, 2, 3, 4]].map((given) => list.safeParse(given).success)).toEqual([
    ...[false, true, true, false],
  ]);
});

test('a record has its keys in their order, and tells the first whose value is wrong', () => {
  const record = recordOf(z.string().min(1), z.int());
  const sound = Object.fromEntries(many.map((n) => [`k${n}`, n]));
  expect(Object.entries(record.parse(sound))).toEqual(Object.entries(sound));
  const { error } = record.safeParse({ ...sound, k700: 'x', k800: 'y' });
  expect(error?.issues).toMatchObject([{ path: ['k700'] }]);
  expect(record.safeParse({ '': 1 }).success).toBe(false);
});

test('inside unions and objects they are as any schema', () => {
  const either = z.object({ stop: z.union([z.int(), listOf(z.int())]).nullish() });
  expect(either.parse({ stop: [1, 2] })).toEqual({ stop: [1, 2] });
  expect(either.parse({})).toEqual({});
  expect(either.safeParse({ stop: ['a'] }).success).toBe(false);
});
