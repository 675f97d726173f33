/** How much memory a run will need, from the same graph that will run. */
import type { MemoryEstimate } from '../../../shared/contract/records.ts';
import { dtypeBytes } from '../graph/dtype.ts';
import { elements } from '../graph/shape.ts';
import { peakBytes } from '../graph/peak-memory.ts';
import type { TrainProgram, TrainProgramOptions } from './program.ts';

/**
 * What a process holds besides tensors, in bytes; measured on Linux with Node 24 and libtensorflow 2.21, part by part, on
 * models of 3 and 30 layers and vocabularies of 288 and 49,152 tokens.
 */
const measured = {
  /** Node, libtensorflow, and XLA with the programs that it compiles. */
  process: 600e6,
  /** A node of the graph, in TypeScript, as protocol buffer and in TensorFlow. */
  node: 35e3,
  /** A token of the vocabulary, in the tokenizer. */
  token: 1600,
  /** What was read of the weights and is no longer needed stays until so much has come together. */
  reading: 64e6,
};

/**
 * Vectors of the size of all that LoRA trains. Five variables: the parameters, two moments, the gradient sum, the relative
 * rates. And in JavaScript the parameters and rates that two of them were set to, those of the best validation, and four while a
 * checkpoint is written.
 */
const parameterVectors = 12;

/** And for prompts that are answered under way: what the adapters are read from, as it is fed, and as matrices. */
const answerVectors = 3;

/** Memory that the allocator holds and does not use, as a share of what a step holds; measured. */
const fragmentation = 0.15;

/** The peak resident memory of a run of the program, by what needs it. Runs nothing. */
export function estimateMemory(
  options: TrainProgramOptions,
  compiled: TrainProgram,
): MemoryEstimate {
  const weightBytes = compiled.weights.bytes;
  const vectors = parameterVectors + (compiled.answers ? answerVectors : 0);
  const adapterBytes = vectors * dtypeBytes.float32 * options.layout.size;
  const step = Math.max(
    peakBytes([compiled.pass.losses, compiled.pass.gradientNorms]),
    compiled.general ? peakBytes([compiled.general.losses]) : 0,
    compiled.answers ? peakBytes([compiled.answers.prefill.likeliest]) : 0,
  );
  const activationBytes = Math.round(step * (1 + fragmentation)) + cacheBytes(compiled);
  const runtimeBytes = bytesOfRuntime(compiled, options, weightBytes);
  return {
    totalBytes: runtimeBytes + weightBytes + adapterBytes + activationBytes,
    ...{ runtimeBytes, weightBytes, adapterBytes, activationBytes },
  };
}

/** Keys and values of prompts that are answered under way, which are held from the first answer on. */
function cacheBytes({ answers }: TrainProgram): number {
  const variables = answers?.caches.variables ?? [];
  return variables.reduce((sum, { dtype, shape }) => sum + dtypeBytes[dtype] * elements(shape), 0);
}

function bytesOfRuntime(
  { program }: TrainProgram,
  { architecture }: TrainProgramOptions,
  weightBytes: number,
): number {
  return (
    measured.process +
    measured.node * program.scope.nodes.length +
    measured.token * architecture.config.vocabSize +
    Math.min(measured.reading, weightBytes)
  );
}
