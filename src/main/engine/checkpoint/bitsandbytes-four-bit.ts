/** Weights of 4 bits with a scale a block, as bitsandbytes' Linear4bit saves them. */
import { z } from 'zod';
import { doubledKey } from '../../../shared/doubled-key.ts';
import { beyondJsonBounds } from '../../../shared/json-bounds.ts';
import { fourBitTables } from '../packed/four-bit-tables.ts';
import { rowOf } from '../packed/packing.ts';
import { fromPairs } from '../packed/pairs.ts';
import { bytesOf, scaledCodes } from '../packed/scaled-codes.ts';
import { floats, type QuantisedParts, type QuantisedWeight } from './quantised-parts.ts';

/** What of a state is no tensor: JSON in the bytes of one. `dtype` is what the weight once was. */
const stateFields = z.object({
  quant_type: z.enum(['nf4', 'fp4']),
  blocksize: z.literal([32, 64, 128, 256, 512, 1024, 2048, 4096]),
  dtype: z.string(),
  shape: z.tuple([z.int().positive(), z.int().positive()]),
  nested_blocksize: z.int().positive().optional(),
  nested_dtype: z.literal('float32').optional(),
  nested_offset: z.number().optional(),
});

/**
 * `P.weight`, two codes a byte under whatever type, and `P.weight.absmax`, float32 or with double quantisation a byte each.
 * Values are table[code] · absmax in float32, not rounded to the type that the weight once had: what Linear4bit multiplies with when
 * it computes in float32.
 * @param weight 'P.weight'
 * @param type after 'P.weight.quant_state.bitsandbytes__'
 */
export function fourBitWeight(
  weight: string,
  type: string,
  parts: QuantisedParts,
): QuantisedWeight | null {
  const stateName = `${weight}.quant_state.bitsandbytes__${type}`;
  const text = parts.take(stateName, ['U8'], null);
  const state = stateFields.safeParse(text ? jsonOf(text.bytes()) : null);
  if (!text || !state.success || state.data.quant_type !== type) {
    parts.problems.push(`${stateName} does not describe a matrix of NF4 or FP4`);
    return null;
  }
  const { quant_type: codes, blocksize, shape } = state.data;
  const count = shape[0] * shape[1];
  const blocks = Math.ceil(count / blocksize);
  const pairs = parts.take(weight, null, null);
  const bytes = Math.ceil(count / 2);
  if (pairs && pairs.size !== bytes) {
    parts.problems.push(`${weight} has ${pairs.size} bytes instead of ${bytes}`);
  }
  const table = parts.take(`${weight}.quant_map`, ['F32'], 16);
  if (table?.values().some((number, code) => number !== fourBitTables[codes][code])) {
    parts.problems.push(`${weight}.quant_map has other numbers than ${codes.toUpperCase()}`);
  }
  const scales = scalesOf(weight, blocks, state.data, parts);
  if (!pairs || !table || !scales) return null;

  const packing = scaledCodes(codes, blocksize);
  const row = rowOf(packing);
  const whole = Math.ceil(count / row) * row;
  return {
    shape,
    storedAs: codes === 'nf4' ? 'NF4' : 'FP4',
    bytes: text.size + pairs.size + table.size + scales.size,
    packing: whole === count ? packing : null,
    packed() {
      const padded = new Uint8Array(whole / 2);
      padded.set(pairs.bytes());
      const all = new Float32Array(whole / blocksize);
      all.set(scales.values());
      return { packing, parts: [fromPairs(padded), bytesOf(all)] };
    },
  };
}

function jsonOf(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString('utf8');
  if (beyondJsonBounds(text) !== null) return null;
  try {
    const json: unknown = JSON.parse(text);
    return doubledKey(text) === null ? json : null;
  } catch {
    return null;
  }
}

/** A scale for each block: number[code] · nested_absmax + nested_offset, rounded twice, where scales are quantised themselves. */
function scalesOf(
  weight: string,
  blocks: number,
  state: z.output<typeof stateFields>,
  parts: QuantisedParts,
): { size: number; values: () => Float32Array } | null {
  const { nested_blocksize: nestedBlock, nested_offset: offset } = state;
  if (nestedBlock === undefined || offset === undefined) {
    return parts.take(`${weight}.absmax`, floats, blocks);
  }
  const codes = parts.take(`${weight}.absmax`, ['U8'], blocks);
  const outer = parts.take(`${weight}.nested_absmax`, floats, Math.ceil(blocks / nestedBlock));
  const map = parts.take(`${weight}.nested_quant_map`, floats, 256);
  if (!codes || !outer || !map) return null;
  return {
    size: codes.size + outer.size + map.size,
    values() {
      const [numbers, largest] = [map.values(), outer.values()];
      const added = Math.fround(offset);
      return Float32Array.from(codes.bytes(), (code, i) => {
        const share = (numbers[code] ?? 0) * (largest[Math.floor(i / nestedBlock)] ?? 0);
        return Math.fround(share) + added;
      });
    },
  };
}
