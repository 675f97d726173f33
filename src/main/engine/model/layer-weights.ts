/** The base weights of one layer, as variables of a program or as parameters of a function. */
import { GraphError, type Tensor } from '../graph/node.ts';
import { numbered, type NamedTensor } from '../graph/named-tensors.ts';
import type { BaseMatrix } from './base-matrix.ts';

/** A group's matrix [Σ out, in] and its modules' biases [Σ out], float32. */
export type GroupWeights = { matrix: BaseMatrix; bias: Tensor | null };

export type LayerWeights = {
  /** By path inside the layer, float32. */
  vectors: ReadonlyMap<string, Tensor>;
  groups: ReadonlyMap<string, GroupWeights>;
};

/** All its tensors by name. */
export function layerTensors({ vectors, groups }: LayerWeights): NamedTensor[] {
  return [
    ...vectors,
    ...[...groups].flatMap(([name, { matrix, bias }]): NamedTensor[] => [
      ...numbered(name, matrix.tensors),
      ...(bias ? [[biasName(name), bias] as const] : []),
    ]),
  ];
}

/** The same weights from other tensors, asked for by the names of `layerTensors`. */
export function layerWeightsFrom(
  { vectors, groups }: LayerWeights,
  get: (name: string) => Tensor,
): LayerWeights {
  const group = ([name, { matrix, bias }]: [string, GroupWeights]) => {
    const tensors = numbered(name, matrix.tensors).map(([each]) => get(each));
    const weights = { matrix: matrix.withTensors(tensors), bias: bias && get(biasName(name)) };
    return [name, weights] as const;
  };
  return {
    vectors: new Map([...vectors.keys()].map((path) => [path, get(path)])),
    groups: new Map([...groups].map(group)),
  };
}

/** Throws a GraphError for a group that the layer does not have. */
export function groupOf({ groups }: LayerWeights, name: string): GroupWeights {
  const group = groups.get(name);
  if (!group) throw new GraphError(`the layer has no linear layers called ${name}`);
  return group;
}

/** Throws a GraphError for a vector that the layer does not have. */
export function vectorOf({ vectors }: LayerWeights, path: string): Tensor {
  const vector = vectors.get(path);
  if (!vector) throw new GraphError(`the layer has no ${path}`);
  return vector;
}

function biasName(group: string): string {
  return `${group}.bias`;
}
