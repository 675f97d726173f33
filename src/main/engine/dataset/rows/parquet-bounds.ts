/** What a Parquet file says of itself, held against its size before the library makes room for it. */
import type { AsyncBuffer, ColumnMetaData, Compressors, FileMetaData, SchemaTree } from 'hyparquet';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { parquetHeader } from 'hyparquet/src/column.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getTreePath } from 'hyparquet/src/schema.js';
import { checkLevels, type Page } from './parquet-levels.ts';
import { endOfThrift } from './parquet-thrift.ts';

/**
 * Values of a group of rows, and bytes of its pages, that a file may have beside those in proportion to its size. Text is
 * compressed to a tenth, and a column of labels to nothing.
 */
const most = { values: 1 << 20, bytes: 32 << 20, times: 32 };

/** @throws an Error where the footer says more than it holds */
export async function checkFooter(file: AsyncBuffer): Promise<void> {
  const { byteLength: size } = file;
  if (size < 12) throw new Error('it is too short for a footer');
  const end = new DataView(await file.slice(size - 8, size));
  const length = end.getUint32(0, true);
  if (length > size - 8) throw new Error(`its footer would take ${length} bytes`);
  if (end.getUint32(4, true) !== 0x31524150) throw new Error('it does not end with "PAR1"');
  endOfThrift(new DataView(await file.slice(size - 8 - length, size - 8)), 0);
}

/**
 * The pages of a group.
 * @throws an Error where its rows or values are more than its pages have, or more than a file of this size would have
 */
export async function checkGroup(
  file: AsyncBuffer,
  { num_rows: rows, columns }: FileMetaData['row_groups'][number],
  tree: SchemaTree,
  compressors: Compressors,
): Promise<void> {
  const left = {
    values: most.values + 4 * file.byteLength,
    bytes: most.bytes + most.times * file.byteLength,
  };
  for (const { meta_data: column } of columns) {
    if (!column) continue;
    const name = column.path_in_schema.join('.');
    const values = await checkColumn(file, column, tree, compressors, left);
    if (values < rows)
      throw new Error(`its column "${name}" has ${values} values for ${rows} rows`);
  }
  if (columns.length === 0 && rows > 0) throw new Error(`it has ${rows} rows and no columns`);
}

type Left = { values: number; bytes: number };

/** How many values the pages of a column have, nulls among them. */
async function checkColumn(
  file: AsyncBuffer,
  column: ColumnMetaData,
  tree: SchemaTree,
  compressors: Compressors,
  left: Left,
): Promise<number> {
  const begin = Number(column.dictionary_page_offset || column.data_page_offset);
  const end = begin + Number(column.total_compressed_size);
  if (!(begin >= 0 && begin <= end && end <= file.byteLength))
    throw new Error(`a column is said to lie at the bytes ${begin} to ${end}`);
  const path = getTreePath(tree, column.path_in_schema);
  const levels = {
    repetition: path.length > 1 ? getMaxRepetitionLevel(path) : 0,
    definition: getMaxDefinitionLevel(path),
  };
  const view = new DataView(await file.slice(begin, end));
  const reader = { view, offset: 0 };
  let values = 0;
  while (reader.offset < view.byteLength - 1) {
    endOfThrift(view, reader.offset);
    const page = pageOf(parquetHeader(reader));
    const { codec } = column;
    const bytes = take(reader, page.compressed);
    left.values -= page.values;
    left.bytes -= page.uncompressed;
    if (left.values < 0) throw new Error('it has more values than a file of its size would have');
    if (left.bytes < 0)
      throw new Error('its pages are larger than those in a file of its size would be');
    if (!page.isDictionary) values += page.values;
    checkLevels(page, bytes, levels, (part, size) =>
      decompressPage(part, size, codec, compressors),
    );
  }
  return values;
}

type Header = ReturnType<typeof parquetHeader>;

function pageOf(header: Header): Page {
  const { data_page_header: one, data_page_header_v2: two, dictionary_page_header: words } = header;
  const values = (one ?? two ?? words)?.num_values ?? 0;
  const page: Page = {
    isDictionary: words !== undefined,
    values,
    compressed: header.compressed_page_size,
    uncompressed: header.uncompressed_page_size,
    encoding: (one ?? two)?.encoding ?? 'PLAIN',
    ahead: two && {
      repetition: two.repetition_levels_byte_length,
      definition: two.definition_levels_byte_length,
      nulls: two.num_nulls,
      compressed: two.is_compressed !== false,
    },
  };
  const { ahead } = page;
  const counts = [
    values,
    page.compressed,
    page.uncompressed,
    ahead?.repetition ?? 0,
    ahead?.definition ?? 0,
    ahead?.nulls ?? 0,
  ];
  if (!counts.every((count) => Number.isInteger(count) && count >= 0))
    throw new Error('a page of it has a size below zero');
  return page;
}

function take(reader: { view: DataView; offset: number }, length: number): Uint8Array {
  const { view, offset } = reader;
  reader.offset += length;
  if (reader.offset > view.byteLength) throw new Error('a page of it ends behind its column');
  return new Uint8Array(view.buffer, view.byteOffset + offset, length);
}
