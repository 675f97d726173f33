/** The key-values of a GGUF file with their types, as they can be written again. */
import { GGUFValueType, type GGUFTypedMetadata } from '@huggingface/gguf';
import { z } from 'zod';
import { listOf } from '../../../shared/first-wrong.ts';
import type { GgufNumberType, GgufPairs, GgufValue } from '../tokenizer/gguf-pairs.ts';

const numberTypes: ReadonlyMap<GGUFValueType, GgufNumberType> = new Map([
  [GGUFValueType.UINT8, 'uint8'],
  [GGUFValueType.INT8, 'int8'],
  [GGUFValueType.UINT16, 'uint16'],
  [GGUFValueType.INT16, 'int16'],
  [GGUFValueType.UINT32, 'uint32'],
  [GGUFValueType.INT32, 'int32'],
  [GGUFValueType.UINT64, 'uint64'],
  [GGUFValueType.INT64, 'int64'],
  [GGUFValueType.FLOAT32, 'float32'],
  [GGUFValueType.FLOAT64, 'float64'],
]);

const number = z.union([z.number(), z.bigint().transform(Number)]);
const numbers = listOf(number);

/** The header's own counts, which are no key-values. */
const ofHeader = new Set(['version', 'tensor_count', 'kv_count']);

/** Lists of lists, which no program writes, are left out. */
export function typedPairs(metadata: GGUFTypedMetadata): GgufPairs {
  return new Map(
    Object.entries(metadata).flatMap(([key, entry]): [string, GgufValue][] => {
      const subType = 'subType' in entry ? entry.subType : undefined;
      const typed = ofHeader.has(key) ? null : valueOf(entry.value, entry.type, subType);
      return typed === null ? [] : [[key, typed]];
    }),
  );
}

function valueOf(value: unknown, type: GGUFValueType, subType?: GGUFValueType): GgufValue | null {
  const isList = type === GGUFValueType.ARRAY;
  const scalar = isList ? subType : type;
  const ofNumbers = scalar === undefined ? undefined : numberTypes.get(scalar);
  if (ofNumbers !== undefined) {
    return isList
      ? { type: 'array', of: ofNumbers, value: numbers.parse(value) }
      : { type: ofNumbers, value: number.parse(value) };
  }
  if (scalar === GGUFValueType.STRING) {
    return isList
      ? { type: 'array', of: 'string', value: listOf(z.string()).parse(value) }
      : { type: 'string', value: z.string().parse(value) };
  }
  if (scalar !== GGUFValueType.BOOL) return null;
  return isList
    ? { type: 'array', of: 'bool', value: listOf(z.boolean()).parse(value) }
    : { type: 'bool', value: z.boolean().parse(value) };
}
