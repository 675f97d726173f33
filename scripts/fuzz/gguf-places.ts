/** Where a GGUF file says how many, how long and of which type, so that a mutator can make it lie. */

/** Bytes of plain values by the number of their type; 8 is a text, 9 a list. */
const widths: readonly number[] = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

/** Of a sound file: places of its counts, lengths, types, sizes and offsets. */
export function ggufPlaces(bytes: Buffer): number[] {
  const places: number[] = [4];
  let at = 8;
  const number = (width: 4 | 8): number => {
    places.push(at);
    const value = width === 4 ? bytes.readUInt32LE(at) : Number(bytes.readBigUInt64LE(at));
    at += width;
    return value;
  };
  const passText = (): void => {
    const length = number(8);
    at += length;
  };
  const passValue = (type: number): void => {
    if (type === 8) passText();
    else if (type === 9) {
      const inner = number(4);
      const count = number(8);
      if (inner !== 8) at += count * (widths[inner] ?? 0);
      else for (let left = count; left > 0; left--) passText();
    } else {
      places.push(at);
      at += widths[type] ?? 0;
    }
  };
  const tensors = number(8);
  const pairs = number(8);
  for (let left = pairs; left > 0; left--) {
    passText();
    passValue(number(4));
  }
  for (let left = tensors; left > 0; left--) {
    passText();
    for (let axes = number(4); axes > 0; axes--) number(8);
    number(4);
    number(8);
  }
  return places;
}
