/** Parquet files whose counts lie: each is refused before room is made for what it says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkRuns } from '../../../../../src/main/engine/dataset/rows/parquet-runs.ts';
import { endOfThrift } from '../../../../../src/main/engine/dataset/rows/parquet-thrift.ts';
import { fixturePath } from '../../parity/fixtures.ts';
import { rowsIn } from './rows.ts';

const whole = (): Buffer => readFileSync(join(fixturePath('parquet'), 'none.parquet'));
const viewOf = (...bytes: number[]): DataView => new DataView(Uint8Array.from(bytes).buffer);
/** 2^n - 1 in seven bits a byte. */
const lying = [0xff, 0xff, 0xff, 0xff, 0x07];

async function reasonOf(bytes: Buffer): Promise<string> {
  const error: unknown = await rowsIn('lies.parquet', bytes).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'dataset/wrong-format' });
  return error instanceof Error ? error.message : '';
}

test('a list in the footer with more items than bytes', () => {
  // Field 1, a list (9) of 2^31 - 1 structures (12).
  expect(() => endOfThrift(viewOf(0x19, 0xfc, ...lying, 0, 0), 0)).toThrow('2147483647 items');
  expect(endOfThrift(viewOf(0x19, 0x2c, 0, 0, 0), 0)).toBe(5);
});

test('structures a million deep', () => {
  const view = new DataView(new Uint8Array(1_000_000).fill(0x1c).buffer);
  expect(() => endOfThrift(view, 0)).toThrow('deep');
});

test('runs that are longer than their page', () => {
  expect(() => {
    checkRuns(viewOf(...lying, 1), 0, 1, 100);
  }).toThrow('a run of');
  // 100 of the number 1, twice as many as are wanted.
  expect(() => {
    checkRuns(viewOf(200, 1, 1), 0, 1, 100);
  }).not.toThrow();
});

test('a footer longer than the file, and one that is cut', async () => {
  const bytes = whole();
  bytes.writeUInt32LE(0x7fffffff, bytes.length - 8);
  expect(await reasonOf(bytes)).toContain('its footer would take 2147483647 bytes');
  const short = whole();
  short.writeUInt32LE(4, short.length - 8);
  await reasonOf(short);
});

test('a page that says 2^30 values', async () => {
  const bytes = whole();
  // The head of the first page: its type, two sizes, then in field 5 (0x2c) or 7 (0x4c) the number of values in field 1 (0x15).
  const at = bytes.indexOf(Buffer.of(0x15), 8);
  const head = bytes.subarray(4, at + 12).toString('hex');
  const patched = Buffer.concat([bytes.subarray(0, 4), bytes.subarray(4)]);
  const place =
    4 +
    Buffer.from(head, 'hex').findIndex(
      (byte, i, all) => (byte === 0x2c || byte === 0x4c) && all[i + 1] === 0x15,
    ) +
    2;
  expect(place).toBeGreaterThan(5);
  // A number of one byte becomes the largest of one byte: 63 values instead of the page's own.
  patched[place] = 0x7e;
  await reasonOf(patched);
});
