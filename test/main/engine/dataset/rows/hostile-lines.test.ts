/** Lines that would keep a reader busy for ever, or fill memory. */
import { expect, test } from 'vitest';
import { rowsIn } from './rows.ts';

test('spaces around the names of a header in JSONL', async () => {
  const text = `a${'   ,a'.repeat(5000)}!`;
  const { rows } = await rowsIn('data.jsonl', Buffer.from(text));
  expect(rows).toMatchObject([{ line: 1, reason: expect.stringContaining('not JSON') as unknown }]);
  await expect(rowsIn('data.jsonl', Buffer.from('prompt ,  "completion"\n1,2'))).rejects.toThrow(
    'looks like CSV',
  );
});

test('a hundred thousand columns', async () => {
  const header = Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(',');
  await expect(rowsIn('data.csv', Buffer.from(`${header}\n`))).rejects.toThrow('100000 columns');
});

test('a long text between quotation marks in a header', async () => {
  const { rows } = await rowsIn('data.csv', Buffer.from(`"${'a,'.repeat(4_000_000)}";b\n1;2`));
  expect(rows).toMatchObject([{ line: 2, value: { b: '2' } }]);
});

test('twenty million blank lines', async () => {
  const blank = Buffer.alloc(20_000_000, '\n');
  blank.write(' \t \r\n', 70_000);
  const lines = blank.toString('latin1').split('\n').length;
  const text = Buffer.concat([blank, Buffer.from('{"text":"a"}\n \n\n{"text":"b"}')]);
  const before = process.threadCpuUsage();
  const { rows } = await rowsIn('data.jsonl', text);
  const { user, system } = process.threadCpuUsage(before);
  expect(rows).toEqual([
    { line: lines, value: { text: 'a' } },
    { line: lines + 3, value: { text: 'b' } },
  ]);
  // In microseconds: a step for each line takes 60 seconds, one for each byte a tenth of one.
  expect(user + system).toBeLessThan(10_000_000);
});

test('a line of lists', async () => {
  const { rows } = await rowsIn(
    'data.jsonl',
    Buffer.from(`{"a":[${'[],'.repeat(1_000_000)}[]]}\n{"text":"a"}\n`),
  );
  expect(rows).toMatchObject([
    { line: 1, reason: expect.stringContaining('lists') as unknown },
    { line: 2 },
  ]);
});
