/** A JSON list item by item, and lists that are damaged. */
import { describe, expect, it } from 'vitest';
import { rowsIn } from './rows.ts';

const items = [
  { prompt: 'a, ]', completion: 'b"\\' },
  { messages: [[{}], { deep: '}{' }] },
  { prompt: '', n: [] },
];
const numbered = items.map((value, index) => ({ line: index + 1, value }));

describe('the items of a list', () => {
  it.each([
    ['on one line', JSON.stringify(items)],
    ['indented', JSON.stringify(items, null, 2)],
    ['behind a byte order mark and white space', `\uFEFF\n  ${JSON.stringify(items)}\r\n\n`],
  ])('are counted: %s', async (_, content) => {
    for (const name of ['data.json', 'data.jsonl']) {
      expect(await rowsIn(name, content)).toEqual({ unit: 'item', rows: numbered });
    }
  });

  it('are cut anywhere between two reads', async () => {
    const many = Array.from({ length: 3000 }, (_, n) => ({
      text: `ä€😀 \\ " ${'[{'.repeat(n % 30)}`,
    }));
    const { rows } = await rowsIn('data.json', JSON.stringify(many, null, 1));
    expect(rows).toEqual(many.map((value, index) => ({ line: index + 1, value })));
  });

  it('may be none', async () => {
    expect(await rowsIn('data.json', ' [ ]')).toEqual({ unit: 'item', rows: [] });
  });
});

it('a .json file may have one object a line instead', async () => {
  expect(await rowsIn('data.json', '{"text":"a"}\n{"text":"b"}\n')).toEqual({
    unit: 'line',
    rows: [
      { line: 1, value: { text: 'a' } },
      { line: 2, value: { text: 'b' } },
    ],
  });
});

describe('what is wrong with an item is said by its number', () => {
  it.each([
    ['[{"a":1},{"a":1,"a":2},3]', 2, /the key "a" twice/],
    ['[{"a":1},{"a":NaN},3]', 2, /NaN at character 6 is no value/],
    ['[{"a":1},{\'b\':1},3]', 2, /double quotes/],
    ['[{"a":1} {"b":1},3]', 1, /follows after the end of the object/],
    ['[{"a":1},,3]', 2, /nothing where an item is expected/],
    ['[{"a":1},3,]', 3, /nothing where an item is expected/],
    ['[{"a":1},{"b":2', 2, /the file ends before this item or the list/],
    ['[{"a":1},{"b":"2},3]', 2, /quotation mark in it has no counterpart/],
    ['[{"a":1},{"b":[2},3]', 2, /a bracket .* has no counterpart/],
    ['[{"a":1},3] [4]', 3, /something follows after the end of the list/],
    ['[{"a":1},3]]', 3, /something follows after the end of the list/],
  ])('%s', async (content, line, reason) => {
    const { rows } = await rowsIn('data.json', content);
    expect(rows.filter((row) => 'reason' in row)).toEqual([
      { line, reason: expect.stringMatching(reason) as unknown },
    ]);
  });

  it('bytes that are not text, and one that is far too long', async () => {
    const bytes = Buffer.concat([Buffer.from('[1,"'), Buffer.of(0xff), Buffer.from('",2]')]);
    expect((await rowsIn('data.json', bytes)).rows[1]).toEqual({
      line: 2,
      reason: 'it is not UTF-8 text',
    });
    const long = `["${'x'.repeat(16 * 2 ** 20)}",1]`;
    expect((await rowsIn('data.json', long)).rows).toEqual([
      { line: 1, reason: 'it is longer than 16 MiB' },
      { line: 2, value: 1 },
    ]);
  });
});
