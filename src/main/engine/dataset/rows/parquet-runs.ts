/** Numbers in runs, as Parquet writes levels and places in a dictionary, held against how many there are said to be. */
import { varint } from './parquet-thrift.ts';

/** Writers fill the last run up to a multiple of eight, some to one of sixty-four. */
const fill = 64;

/**
 * Passes over runs of `count` numbers of `width` bits, from `begin` on.
 * @throws an Error where a run is longer than all of them, which the library would write beyond its array
 */
export function checkRuns(view: DataView, begin: number, width: number, count: number): void {
  const bytes = { view, offset: begin };
  const most = count + fill;
  for (let seen = 0; seen < count && bytes.offset < view.byteLength;) {
    const head = varint(bytes);
    const packed = head % 2 === 1;
    const length = Math.floor(head / 2) * (packed ? 8 : 1);
    if (length > most) throw new Error(`a run of ${length} numbers is in a page of ${count}`);
    bytes.offset += packed ? (length / 8) * width : Math.ceil(width / 8);
    // A run of none would be passed over for ever.
    if (length === 0 && bytes.offset >= view.byteLength) return;
    seen += length;
  }
}
