/** How much memory a run will need, from the same graph that will run. */
import type { MemoryEstimate } from '../../../shared/contract/estimates.ts';
import {
  answerVectors,
  fragmentation,
  measured,
  parameterVectors,
} from '../../../shared/memory-measures.ts';
import { dtypeBytes } from '../graph/dtype.ts';
import { elements } from '../graph/shape.ts';
import { peakBytes } from '../graph/peak-memory.ts';
import type { TrainProgram, TrainProgramOptions } from './program.ts';

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
