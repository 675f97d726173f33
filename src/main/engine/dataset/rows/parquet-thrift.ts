/** Thrift's compact form, in which Parquet writes its footer and the heads of its pages, held against its size before it is believed. */

type Bytes = { view: DataView; offset: number };

/** A footer is about five deep. */
const mostDepth = 32;

/**
 * Passes over one structure, from `offset` on.
 * @returns where it ends
 * @throws an Error where it says more than it holds
 */
export function endOfThrift(view: DataView, offset: number): number {
  const bytes = { view, offset };
  passStruct(bytes, 0);
  return bytes.offset;
}

function passStruct(bytes: Bytes, depth: number): void {
  if (depth > mostDepth) throw new Error(`structures lie over ${mostDepth} deep in it`);
  for (;;) {
    const head = take(bytes);
    const type = head & 0x0f;
    if (type === 0) return;
    if (head >> 4 === 0) varint(bytes);
    passValue(bytes, type, depth);
  }
}

function passValue(bytes: Bytes, type: number, depth: number): void {
  // True and false are in their types.
  if (type === 1 || type === 2) return;
  else if (type === 3) skip(bytes, 1);
  else if (type <= 6) varint(bytes);
  else if (type === 7) skip(bytes, 8);
  else if (type === 8) skip(bytes, varint(bytes));
  else if (type === 9) passList(bytes, depth);
  else if (type === 12) passStruct(bytes, depth + 1);
  else throw new Error(`it has a value of the unknown type ${type}`);
}

function passList(bytes: Bytes, depth: number): void {
  const head = take(bytes);
  const inner = head & 0x0f;
  const size = head >> 4 === 15 ? varint(bytes) : head >> 4;
  // Every item takes a byte at least.
  if (!(size <= bytes.view.byteLength - bytes.offset))
    throw new Error(`a list of ${size} items is said to be in ${bytes.view.byteLength} bytes`);
  for (let left = size; left > 0; left--) {
    if (inner <= 2) skip(bytes, 1);
    else passValue(bytes, inner, depth + 1);
  }
}

/** An unsigned number of seven bits a byte, as far as 2^53; ten bytes at most. */
export function varint(bytes: Bytes): number {
  let value = 0;
  for (let place = 0; place < 10; place++) {
    const byte = take(bytes);
    value += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) return value;
  }
  throw new Error('a number in it does not end');
}

function take(bytes: Bytes): number {
  return bytes.view.getUint8(bytes.offset++);
}

function skip(bytes: Bytes, count: number): void {
  bytes.offset += count;
  if (!(bytes.offset <= bytes.view.byteLength))
    throw new Error('it ends before what it says is in it');
}
