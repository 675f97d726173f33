/** Parquet files as pyarrow writes them, in each of its compressions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fixturePath, readFixture } from '../../parity/fixtures.ts';
import { dataFile, readExamples } from '../data-file.ts';
import { rowsIn, rowsOf } from './rows.ts';

const file = (codec: string) => join(fixturePath('parquet'), `${codec}.parquet`);

test.each(['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4'])(
  'every row of every group is read: %s',
  async (codec) => {
    const expected = readFixture('parquet/rows.json', z.array(z.unknown()));
    const { unit, rows } = await rowsOf(file(codec));
    expect(unit).toBe('row');
    expect(rows).toEqual(expected.map((value, index) => ({ line: index + 1, value })));
  },
);

test('messages in a column of lists are a conversation, and what is null is not there', async () => {
  const { examples, badLines } = await readExamples(file('zstd'), [
    { name: 'system', as: 'unused' },
    { name: 'question', as: 'unused' },
    { name: 'answer', as: 'unused' },
  ]);
  expect(badLines).toEqual([]);
  expect(examples[1]).toEqual({
    line: 2,
    kind: 'chat',
    messages: [
      { role: 'user', content: '1 + 1', further: { name: 'Ann' } },
      { role: 'assistant', content: '2' },
    ],
  });
});

test('what is no Parquet file, or ends too soon, is refused', async () => {
  const whole = readFileSync(file('snappy'));
  for (const bytes of [Buffer.from('prompt,completion\n'), whole.subarray(0, 600), Buffer.of()]) {
    await expect(rowsIn('data.parquet', bytes)).rejects.toMatchObject({
      code: 'dataset/wrong-format',
      problem: { what: expect.stringMatching(/^This cannot be read as Parquet: /) as unknown },
    });
  }
  await expect(rowsOf(`${dataFile('')}.parquet`)).rejects.toMatchObject({
    code: 'dataset/not-found',
  });
});
