/** Which tensors a GGUF file of a model has, and which of the model's weights each of them holds. */
import type { GgufFamily } from '../../model/family.ts';
import type { Architecture } from '../../model/architecture.ts';
import type { Arrangement } from '../../model/arrangement.ts';
import { weightShapes } from '../../model/weight-shapes.ts';
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';

export type PlannedTensor = {
  /** In the file. */
  name: string;
  /** Names of the weights that it holds, one below the other. */
  parts: readonly [string, ...string[]];
  shape: readonly number[];
  arrangement: Arrangement | null;
};

/**
 * In the order of the model's layers.
 * @param path of the base, for messages
 * Errors: export/not-in-gguf where a weight has no place in such a file.
 */
export function planTensors(
  architecture: Architecture,
  family: GgufFamily,
  path: string,
): PlannedTensor[] {
  const shapes = weightShapes(architecture);
  const planned = new Map<string, PlannedTensor>();
  for (const name of possibleNames(family, architecture)) {
    const inModel = family.tensorName(name);
    if (inModel === undefined) continue;
    const [first, ...others] =
      typeof inModel === 'string'
        ? [inModel]
        : Array.from({ length: architecture.experts?.count ?? 0 }, (_, expert) =>
            inModel(expert),
          ).flat();
    const shape = first === undefined ? undefined : shapes.get(first);
    if (first === undefined || !shape) continue;
    const tensor = {
      ...{ name, parts: [first, ...others] as const },
      shape: shapeInFile(shape, typeof inModel === 'string' ? null : 1 + others.length),
      arrangement: family.arrangement(first, architecture),
    };
    for (const part of tensor.parts) planned.set(part, tensor);
  }
  const homeless = [...shapes.keys()].filter((name) => !planned.has(name));
  if (homeless.length > 0) {
    throw lorikeetError('export/not-in-gguf', { path, what: homeless });
  }
  const inOrder = [...shapes.keys()].flatMap((name) => planned.get(name) ?? []);
  return [...new Set(inOrder)];
}

function possibleNames({ names }: GgufFamily, { config }: Architecture): string[] {
  const inLayers = Array.from({ length: config.numHiddenLayers }, (_, layer) =>
    names.inLayer.flatMap((own) => [`blk.${layer}.${own}.weight`, `blk.${layer}.${own}.bias`]),
  );
  return [...names.outside, ...inLayers.flat()];
}

/** llama.cpp's converter writes a matrix of one row as a vector, and the matrices of all experts as one tensor. */
function shapeInFile(shape: readonly number[], stacked: number | null): readonly number[] {
  if (stacked !== null) return [stacked, ...shape];
  return shape.length === 2 && shape[0] === 1 ? shape.slice(1) : shape;
}
