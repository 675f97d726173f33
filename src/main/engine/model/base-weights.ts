/** A base model's frozen weights as variables of a program, and how they are filled from a checkpoint. */
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { float32ToBfloat16 } from '../checkpoint/float-formats.ts';
import type { DType } from '../graph/dtype.ts';
import type { Program, Variable } from '../graph/program.ts';
import type { Session } from '../graph/session.ts';
import { unalignedBytes } from '../runtime/unaligned.ts';
import type { ModelConfig } from './config.ts';
import { projections, type Projection } from './projection.ts';

/** Activations and weights of one run are all in this type; norms, adapters and the loss are float32. */
export type ComputeType = Extract<DType, 'float32' | 'bfloat16'>;

/** Where weights come from, by Hugging Face name. */
export type WeightSource = Pick<Checkpoint, 'read'>;

export type LayerWeights = {
  inputNorm: Variable;
  postAttentionNorm: Variable;
  /** By projection name: [Σ out, in]. */
  products: ReadonlyMap<string, Variable>;
};

export type BaseWeights = {
  computeType: ComputeType;
  /** [V, D] */
  embedding: Variable;
  layers: readonly LayerWeights[];
  /** [D] */
  finalNorm: Variable;
  /** [V, D]; the embedding itself when tied. */
  output: Variable;
  /** Sets every variable from the checkpoint. `onTensor` is told after each. */
  load: (
    session: Session,
    checkpoint: WeightSource,
    onTensor?: (done: number, total: number) => void,
  ) => void;
};

export function baseWeights(
  program: Program,
  config: ModelConfig,
  computeType: ComputeType,
): BaseWeights {
  /** Which tensors of the checkpoint, one below the other, make a variable. */
  const sources = new Map<Variable, string[]>();
  const add = (dtype: DType, shape: readonly number[], names: string[]) => {
    const variable = program.variable(names[0] ?? '', dtype, shape);
    sources.set(variable, names);
    return variable;
  };
  const { hiddenSize, vocabSize } = config;
  const embedding = add(computeType, [vocabSize, hiddenSize], ['model.embed_tokens.weight']);
  const layers = Array.from({ length: config.numHiddenLayers }, (_, layer) => {
    const prefix = `model.layers.${layer}`;
    const product = (projection: Projection): [string, Variable] => {
      const names = projection.modules.map((module) => `${prefix}.${module.path}.weight`);
      return [projection.name, add(computeType, [projection.out, projection.in], names)];
    };
    return {
      inputNorm: add('float32', [hiddenSize], [`${prefix}.input_layernorm.weight`]),
      postAttentionNorm: add(
        'float32',
        [hiddenSize],
        [`${prefix}.post_attention_layernorm.weight`],
      ),
      products: new Map(projections(config).map(product)),
    };
  });
  const finalNorm = add('float32', [hiddenSize], ['model.norm.weight']);
  const output = config.tieWordEmbeddings
    ? embedding
    : add(computeType, [vocabSize, hiddenSize], ['lm_head.weight']);

  const group = program.group([...sources.keys()]);
  const load: BaseWeights['load'] = (session, checkpoint, onTensor) => {
    let done = 0;
    session.set(group, (variable) => {
      const parts = (sources.get(variable) ?? []).map((name) => checkpoint.read(name));
      onTensor?.(++done, sources.size);
      const values = oneBelowTheOther(parts);
      return variable.dtype === 'bfloat16' ? bfloat16Bytes(values) : values;
    });
  };
  return { computeType, embedding, layers, finalNorm, output, load };
}

function bfloat16Bytes(values: Float32Array): Uint8Array {
  const bytes = unalignedBytes(2 * values.length);
  float32ToBfloat16(values, new Uint16Array(bytes.buffer, bytes.byteOffset, values.length));
  return bytes;
}

function oneBelowTheOther(parts: readonly Float32Array[]): Float32Array {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const whole = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
