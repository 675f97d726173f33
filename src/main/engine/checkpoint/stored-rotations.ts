/** Frequencies of rotary positions that older files store beside the weights, and that transformers works out anew. */
import { listed } from '../../../shared/errors/listed.ts';
import type { Architecture } from '../model/architecture.ts';
import type { Rotation } from '../model/rope.ts';
import { floatTypeOf } from '../numbers/float-formats.ts';
import type { SafetensorsFile } from './safetensors-file.ts';

export function isRotation(name: string): boolean {
  return name.endsWith('.rotary_emb.inv_freq');
}

/** Rounding to bfloat16 moves a number by at most 2⁻⁹ of it; another base moves the last frequencies by far more. */
const rounding = 2 ** -8;

/**
 * One sentence about those that are others than config.json gives, theta^(−2i / dimensions); none where the config stretches
 * them, for then some files store what they are before.
 */
export function tellOtherRotations(
  { attention, config }: Pick<Architecture, 'attention' | 'config'>,
  files: readonly SafetensorsFile[],
): string[] {
  const layers = Array.from({ length: config.numHiddenLayers }, (_, layer) => attention(layer));
  const rotations = [...new Set(layers.flatMap(({ rotation }) => rotation ?? []))];
  if (rotations.length === 0 || rotations.some(({ scaling }) => scaling !== null)) return [];
  const isOther = (file: SafetensorsFile, name: string, dtype: string) => {
    if (!floatTypeOf.has(dtype)) return true;
    const values = file.read(name);
    return !rotations.some((rotation) => isOf(rotation, values));
  };
  const others = files.flatMap((file) =>
    [...file.tensors].flatMap(([name, { dtype }]) =>
      isRotation(name) && isOther(file, name, dtype) ? [name] : [],
    ),
  );
  if (others.length === 0) return [];
  return [
    `The model's tensors ${listed(others, 3)} hold other frequencies than config.json gives, and are not used: they are worked out from it, as transformers does.`,
  ];
}

function isOf({ theta, dimensions }: Rotation, values: Float32Array): boolean {
  if (values.length !== dimensions / 2) return false;
  return values.every((value, i) => {
    const wanted = theta ** ((-2 * i) / dimensions);
    return Math.abs(value - wanted) <= rounding * wanted;
  });
}
