/** Parquet: a table by columns, read one group of rows after the other. */
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type Compressors,
} from 'hyparquet';
import zlib from 'node:zlib';
import { compressors as published, decompressLz4Raw } from 'hyparquet-compressors';
import { saidOf } from '../../../../shared/errors/message-of.ts';
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import { checkFile, fileError } from './file-bytes.ts';
import { checkFooter, checkGroup } from './parquet-bounds.ts';
import type { Row } from './row.ts';

/** Node's own stop where a page has more in it than it says. The library's LZ4 takes the one byte that stands for nothing, as in a column of nulls, for a fault. */
const compressors: Compressors = {
  ...published,
  BROTLI: (input, length) =>
    zlib.brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
  GZIP: (input, length) => zlib.gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
  // Node has it from 22.15 on; an Electron that only develops and tests may be older.
  ...('zstdDecompressSync' in zlib && {
    ZSTD: (input: Uint8Array, length: number) =>
      zlib.zstdDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
  }),
  LZ4_RAW: (input, length) => (length === 0 ? new Uint8Array() : decompressLz4Raw(input, length)),
};

/**
 * The rows of the table, counted from 1.
 * @throws dataset/not-found, dataset/not-readable, and dataset/wrong-format where the file or one of its columns cannot be read
 */
export async function* readParquet(path: string): AsyncGenerator<Row> {
  await checkFile(path);
  try {
    yield* rowsOf(path);
  } catch (error) {
    const ofFile = fileError(path, error);
    if (ofFile !== error) throw ofFile;
    const reason = saidOf(error, 'what it says of itself is cut or damaged');
    throw lorikeetError(
      'dataset/wrong-format',
      { path, format: 'Parquet', reason },
      { cause: error },
    );
  }
}

async function* rowsOf(path: string): AsyncGenerator<Row> {
  const file = await asyncBufferFromFile(path);
  await checkFooter(file);
  const metadata = await parquetMetadataAsync(file);
  const tree = parquetSchema(metadata);
  const names = tree.children.map(({ element }) => element.name);
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) throw new Error(`it has the column "${twice}" twice`);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    await checkGroup(file, group, tree, compressors);
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd });
    for (const [index, row] of rows.entries())
      yield { line: rowStart + index + 1, value: plain(row) };
    rowStart = rowEnd;
  }
}

/** A value as JSON would have it: whole numbers come as bigint, times as dates. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return Array.from(Object.values(value), plain);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
