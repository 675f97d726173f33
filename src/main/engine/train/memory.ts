/** How much memory a run will need, from the same graph that will run. */
import type { MemoryEstimate } from '../../../shared/contract/records.ts';
import { dtypeBytes } from '../graph/dtype.ts';
import { elements } from '../graph/shape.ts';
import { weightShapes } from '../model/weight-shapes.ts';
import { trainProgram, type TrainProgramOptions } from './program.ts';

/**
 * What the process holds before it has a model: Node, libtensorflow, and the programs that XLA compiles.
 * Measured on Linux with libtensorflow 2.21.
 */
const runtimeBytes = 620e6;

/** Vectors of all trainable parameters that are held at once: five variables, and five new values while one step updates. */
const parameterVectors = 10;

/** Memory that the allocator holds and does not use, as a share of the activations; measured. */
const fragmentation = 0.15;

/** The peak resident memory of a run, by what needs it. Builds the graph and runs nothing. */
export function estimateMemory(options: TrainProgramOptions): MemoryEstimate {
  const { memory } = trainProgram(options);
  const width = dtypeBytes[options.computeType];
  const weights = [...weightShapes(options.config).values()].reduce(
    (total, shape) => total + elements(shape) * (shape.length > 1 ? width : dtypeBytes.float32),
    0,
  );
  const adapters = parameterVectors * dtypeBytes.float32 * options.layout.size;
  const working = Math.max(memory.working, memory.loss);
  const activations = Math.round((memory.kept + working) * (1 + fragmentation));
  return {
    totalBytes: runtimeBytes + weights + adapters + activations,
    runtimeBytes,
    weightBytes: weights,
    adapterBytes: adapters,
    activationBytes: activations,
  };
}
