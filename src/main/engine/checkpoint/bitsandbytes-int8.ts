/** Weights of 8 bits with a scale a row, as bitsandbytes' Linear8bitLt saves them. */
import { bytesOf, int8Scale, scaledCodes } from '../packed/scaled-codes.ts';
import { floats, type QuantisedParts, type QuantisedWeight } from './quantised-parts.ts';

/** `P.weight` [out, in] of signed bytes, `P.SCB` [out] with the largest magnitude of each row, and how rows are laid out. */
export function int8Weight(path: string, parts: QuantisedParts): QuantisedWeight | null {
  const codes = parts.take(`${path}.weight`, ['I8'], null);
  const [rows = 0, columns = 0, ...further] = codes?.shape ?? [];
  const largest = parts.take(`${path}.SCB`, floats, codes ? rows : null);
  const layout = `${path}.weight_format`;
  const format = parts.has(layout) ? parts.take(layout, ['U8'], 1) : null;
  if (format && format.bytes()[0] !== 0) {
    parts.problems.push(`${layout} says that the rows of ${path}.weight are laid out for a GPU`);
  }
  if (!codes || !largest) return null;
  if (columns === 0 || further.length > 0) {
    parts.problems.push(`${path}.weight is no matrix but [${codes.shape.join(', ')}]`);
    return null;
  }
  const packing = scaledCodes('bytes', columns);
  return {
    shape: [rows, columns],
    storedAs: 'INT8',
    bytes: codes.size + largest.size + (format?.size ?? 0),
    packing,
    packed: () => ({ packing, parts: [codes.bytes(), bytesOf(largest.values().map(int8Scale))] }),
  };
}
