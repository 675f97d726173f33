/** The levels and the places in a dictionary that a page of a Parquet column begins with. */
import { checkRuns } from './parquet-runs.ts';

export type Page = {
  isDictionary: boolean;
  /** Nulls among them. */
  values: number;
  /** Bytes. */
  compressed: number;
  uncompressed: number;
  encoding: string;
  /** In the second form of pages: bytes of levels, which are not compressed, and what is. */
  ahead: { repetition: number; definition: number; nulls: number; compressed: boolean } | undefined;
};

/** The largest level of each kind; at 0 none are written. */
type Levels = { repetition: number; definition: number };

/** @throws an Error where the runs are longer than the page says */
export function checkLevels(
  page: Page,
  bytes: Uint8Array,
  levels: Levels,
  decompress: (bytes: Uint8Array, size: number) => Uint8Array,
): void {
  const { values, uncompressed, encoding, ahead } = page;
  const width = (level: number) => 32 - Math.clz32(level);
  const inOrder = [levels.repetition, levels.definition].filter((level) => level > 0);
  if (ahead) {
    if (ahead.nulls > values) throw new Error('a page of it has more nulls than values');
    const begins = [0, ahead.repetition].filter(
      (_, kind) => [levels.repetition, levels.definition][kind] !== 0,
    );
    const view = viewOf(bytes);
    for (const [i, level] of inOrder.entries())
      checkRuns(view, begins[i] ?? 0, width(level), values);
    const begin = ahead.repetition + ahead.definition;
    const rest = bytes.subarray(begin);
    const whole = ahead.compressed ? decompress(rest, Math.max(0, uncompressed - begin)) : rest;
    checkPlaces(encoding, viewOf(whole), 0, values);
    return;
  }
  const view = viewOf(decompress(bytes, uncompressed));
  if (page.isDictionary) return;
  let at = 0;
  for (const level of inOrder) {
    const length = view.getUint32(at, true);
    checkRuns(view, at + 4, width(level), values);
    at += 4 + length;
  }
  checkPlaces(encoding, view, at, values);
}

/** Places in the dictionary have a byte with their width before them, and truth values are of one bit. */
function checkPlaces(encoding: string, view: DataView, at: number, values: number): void {
  if (encoding === 'RLE' || !encoding.endsWith('_DICTIONARY') || at >= view.byteLength) return;
  checkRuns(view, at + 1, view.getUint8(at), values);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
