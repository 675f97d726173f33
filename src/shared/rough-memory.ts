/**
 * About how much memory a run with the usual settings takes, from the sizes that a description of a model has. It answers "would this
 * fit?" before anything is chosen; the estimate of a run is made from its graph (main/engine/train/memory.ts).
 */
import { learningParameters } from './adapter-size.ts';
import type { BaseForm } from './base-forms.ts';
import { trainingDefaults } from './contract/training-defaults.ts';
import type { ModelDescription } from './contract/records.ts';
import { memoryFit, type MemoryFit } from './memory-fit.ts';
import { fragmentation, measured, parameterVectors } from './memory-measures.ts';

export type RoughMemory = { form: BaseForm; bytes: number; fit: MemoryFit };

type Sizes = Pick<
  ModelDescription,
  | ('layers' | 'hiddenSize' | 'vocabSize' | 'modules' | 'parameters' | 'fileBytes' | 'storedAs')
  | 'contextLength'
>;

/** `free`: bytes that a run can have. `bfloat16`: whether the processor computes in it, so that automatic precision takes it. */
export type Room = { free: number; bfloat16: boolean };

/** With the base in the first form that fits, in the order in which a run tries them; else in the smallest. */
export function roughMemory(model: Sizes, { free, bfloat16 }: Room): RoughMemory {
  const compute = bfloat16 ? 2 : 4;
  const beside = besideWeights(model, compute);
  const tried = formsOf(model).map((form): RoughMemory => {
    const bytes = Math.round(beside + weightBytes(model, form, compute));
    return { form, bytes, fit: memoryFit(bytes, free) };
  });
  const smallest = tried.reduce((one, other) => (other.bytes < one.bytes ? other : one));
  return tried.find(({ fit }) => fit === 'fits') ?? smallest;
}

/** What is quantised in the file stays as it is. */
function formsOf({ storedAs }: Sizes): [BaseForm, ...BaseForm[]] {
  const plain = storedAs.every((type) => ['F32', 'F16', 'BF16'].includes(type));
  return plain ? ['dense', 'packed', 'int8', 'nf4'] : ['dense', 'packed'];
}

/** Numbers in the matrices of the layers, and in all else. */
function numbersOf({ modules, layers, parameters }: Sizes): { linear: number; others: number } {
  const linear = modules.reduce(
    (sum, { copies, inLayers, ...matrix }) =>
      sum + matrix.in * matrix.out * copies * (inLayers?.length ?? layers),
    0,
  );
  return { linear, others: Math.max(0, parameters - linear) };
}

/** One scale of 4 bytes for each 64 numbers of NF4, and for each row of int8. */
const bytesPerNumber = { nf4: 0.5 + 4 / 64, int8: 1 } as const;

function weightBytes(model: Sizes, form: BaseForm, compute: number): number {
  const { linear, others } = numbersOf(model);
  const kept = others * compute;
  switch (form) {
    case 'dense':
      return linear * compute + kept;
    case 'packed':
      return (model.fileBytes * linear) / (linear + others) + kept;
    case 'nf4':
    case 'int8':
      return linear * bytesPerNumber[form] + kept;
  }
}

/** Nodes of the graph for a layer, as counted on a LLaMA of 30. */
const nodesPerLayer = 50;
/** Tokens whose logits are there at once, with what the softmax and its gradient make of them. */
const logitTokens = 1024;
/** Of what a layer's products give, so many times as much while its gradient is computed. */
const ofOneLayer = 3;
/** More experts than these seldom see one token. */
const mostExperts = 8;

function besideWeights(model: Sizes, compute: number): number {
  const { layers, hiddenSize, vocabSize, modules, contextLength } = model;
  const { batchSize, sequenceLength, lora } = trainingDefaults;
  const tokens = batchSize * Math.min(sequenceLength, contextLength);
  const runtime =
    measured.process +
    measured.reading +
    measured.token * vocabSize +
    measured.node * nodesPerLayer * layers;
  let learning = 0;
  let outputs = 0;
  for (const { gate, copies, inLayers, ...matrix } of modules) {
    const share = inLayers?.length ?? layers;
    if (!gate) learning += learningParameters(matrix, lora.rank, false) * copies * share;
    outputs += (matrix.out * Math.min(copies, mostExperts) * share) / layers;
  }
  // The products of every layer are kept, and its input, which is float32 in every precision.
  const kept = tokens * layers * (outputs * compute + hiddenSize * 4);
  const atWork = tokens * outputs * ofOneLayer * compute + logitTokens * vocabSize * 4;
  return runtime + parameterVectors * 4 * learning + (kept + atWork) * (1 + fragmentation);
}
