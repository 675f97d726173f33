/** Parquet files whose counts lie: each is refused before room is made for what it says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parquetSchema } from 'hyparquet';
import { checkGroup } from '../../../../../src/main/engine/dataset/rows/parquet-bounds.ts';
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
  const reason = await reasonOf(short);
  expect(reason).toContain('what it says of itself is cut or damaged');
  expect(reason).not.toMatch(/DataView|undefined/);
});

/** A column of plain whole numbers whose only page says that it has so many. */
async function checkPageOf(count: number, rows: bigint): Promise<void> {
  // Zigzag doubles a number; a byte with its highest bit set goes on in the next.
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
  const number = (value: number) => [0x15, ...varint(2 * value)];
  const head = [...number(count), ...number(0), ...number(3), ...number(3), 0];
  const page = [...number(0), ...number(4), ...number(4), 0x2c, ...head, 0, 1, 2, 3, 4];
  const bytes = Uint8Array.from(page).buffer;
  const file = {
    byteLength: bytes.byteLength,
    slice: (begin: number, end?: number) => bytes.slice(begin, end),
  };
  const size = BigInt(bytes.byteLength);
  const column = {
    ...({ type: 'INT32', encodings: [], path_in_schema: ['a'], codec: 'UNCOMPRESSED' } as const),
    ...{ num_values: rows, total_uncompressed_size: size, total_compressed_size: size },
    data_page_offset: 0n,
  };
  const schema = [
    { name: 'root', num_children: 1 },
    { name: 'a', type: 'INT32', repetition_type: 'REQUIRED' },
  ] as const;
  const metadata = {
    version: 2,
    schema: [...schema],
    num_rows: rows,
    row_groups: [],
    metadata_length: 0,
  };
  const group = {
    columns: [{ file_offset: 0n, meta_data: { ...column, encodings: [], path_in_schema: ['a'] } }],
    ...{ total_byte_size: size, num_rows: rows },
  };
  await checkGroup(file, group, parquetSchema(metadata), {});
}

test('a page that says 2^30 values, and a group that says more rows', async () => {
  await checkPageOf(1, 1n);
  await expect(checkPageOf(2 ** 30, 1n)).rejects.toThrow('more values than a file of its size');
  await expect(checkPageOf(1, 2n ** 40n)).rejects.toThrow('1 values for 1099511627776 rows');
});
