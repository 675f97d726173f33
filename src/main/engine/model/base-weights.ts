/** A base model's frozen weights as variables of a program, and how they are filled from a checkpoint. */
import { dtypeBytes, type DType } from '../graph/dtype.ts';
import type { Fusion } from '../graph/island.ts';
import { GraphError, type Tensor } from '../graph/node.ts';
import type { Program, Variable } from '../graph/program.ts';
import type { Session } from '../graph/session.ts';
import { elements } from '../graph/shape.ts';
import { float32ToBfloat16 } from '../numbers/float-formats.ts';
import { joinedFloats } from '../numbers/joined.ts';
import { unalignedBytes } from '../runtime/unaligned.ts';
import {
  layerPath,
  linearsOf,
  type Architecture,
  type OutsideContext,
  type VectorShape,
} from './architecture.ts';
import { floatMatrix, type BaseMatrix } from './base-matrix.ts';
import {
  groupMatrix,
  type AddVariable,
  type Fill,
  type PackingOf,
  type WeightSource,
} from './group-matrix.ts';
import type { LayerWeights } from './layer-weights.ts';
import { linearGroups, type LinearGroup } from './linear-groups.ts';

/** Activations and weights of one run are all in this type; norms, biases, adapters and the loss are float32. */
export type ComputeType = Extract<DType, 'float32' | 'bfloat16'>;

export type BaseWeights = {
  computeType: ComputeType;
  /** [V, D] */
  embedding: BaseMatrix;
  layers: readonly LayerWeights[];
  /** [V, D]; the embedding itself when tied, null in models that predict no next token. */
  output: BaseMatrix | null;
  /** What the variables take on the device. */
  bytes: number;
  /** What lies outside of the layers, for `Architecture.embed` and `finish`. */
  outside: (fusion: Fusion) => OutsideContext;
  /** Sets every variable from the checkpoint. `onTensor` is told after each. */
  load: (
    session: Session,
    checkpoint: WeightSource,
    onTensor?: (done: number, total: number) => void,
  ) => void;
};

/** @param packingOf of the matrices of layers; everything else is dense */
export function baseWeights(
  program: Program,
  architecture: Architecture,
  computeType: ComputeType,
  packingOf: PackingOf = () => null,
): BaseWeights {
  const { config, outside } = architecture;
  const fills = new Map<Variable, Fill>();
  const add: AddVariable = (name, dtype, shape, fill) => {
    const variable = program.variable(name, dtype, shape);
    fills.set(variable, fill);
    return variable.value;
  };
  const vector = (path: string, { shape, offset = 0 }: VectorShape) =>
    add(path, 'float32', shape, (source) => {
      const values = source.read(path);
      return offset === 0 ? values : values.map((value) => value + offset);
    });
  const table = (name: string) =>
    floatMatrix(
      add(name, computeType, [config.vocabSize, config.hiddenSize], (source) => source.read(name)),
    );

  const embedding = table(outside.embedding);
  const layers = Array.from({ length: config.numHiddenLayers }, (_, layer): LayerWeights => {
    const prefix = layerPath(architecture, layer);
    const vectors = architecture.layerVectors.map((each): [string, Tensor] => [
      each.path,
      vector(`${prefix}.${each.path}`, each),
    ]);
    const groups = linearGroups(linearsOf(architecture, layer)).map((group) => {
      const name = `${prefix}.${group.name}`;
      const matrix = groupMatrix(group, prefix, computeType, packingOf, add);
      const biased = group.modules.some(({ bias }) => bias);
      const bias = biased
        ? add(`${name}.bias`, 'float32', [group.out], stackedBiases(group, prefix))
        : null;
      return [group.name, { matrix, bias }] as const;
    });
    return { vectors: new Map(vectors), groups: new Map(groups) };
  });
  const vectors = new Map(outside.vectors.map((each) => [each.path, vector(each.path, each)]));
  const ownOutput = () => (outside.output === null ? null : table(outside.output));
  const output = outside.output !== null && config.tieWordEmbeddings ? embedding : ownOutput();

  const variables = [...fills.keys()];
  const group = program.group(variables);
  return {
    computeType,
    embedding,
    layers,
    output,
    bytes: variables.reduce(
      (sum, { dtype, shape }) => sum + elements(shape) * dtypeBytes[dtype],
      0,
    ),
    outside: (fusion) => ({
      fusion,
      dtype: computeType,
      embedding,
      vector(path) {
        const found = vectors.get(path);
        if (!found) throw new GraphError(`the model has no ${path}`);
        return found;
      },
    }),
    load(session, checkpoint, onTensor) {
      let done = 0;
      session.set(group, (variable) => {
        const values = fills.get(variable)?.(checkpoint) ?? new Float32Array();
        onTensor?.(++done, fills.size);
        return variable.dtype === 'bfloat16' && values instanceof Float32Array
          ? bfloat16Bytes(values)
          : values;
      });
    },
  };
}

/** The output matrix of a model that predicts tokens. Throws a GraphError for another. */
export function outputOf({ output }: BaseWeights): BaseMatrix {
  if (!output) throw new GraphError('the model predicts no next token');
  return output;
}

/** Zeros for a module without a bias of its own. */
function stackedBiases({ modules }: LinearGroup, prefix: string): Fill {
  return (source) =>
    joinedFloats(
      modules.map(({ path, bias, out }) =>
        bias ? source.read(`${prefix}.${path}.bias`) : new Float32Array(out),
      ),
    );
}

function bfloat16Bytes(values: Float32Array): Uint8Array {
  const bytes = unalignedBytes(2 * values.length);
  float32ToBfloat16(values, new Uint16Array(bytes.buffer, bytes.byteOffset, values.length));
  return bytes;
}
