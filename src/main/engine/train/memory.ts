/** How much memory a run will need, from the same graph that will run. */
import type { MemoryEstimate } from '../../../shared/contract/records.ts';
import { fragmentation, measured, parameterVectors } from '../../../shared/memory-measures.ts';
import { dtypeBytes } from '../graph/dtype.ts';
import { peakBytes } from '../graph/peak-memory.ts';
import type { TrainProgram, TrainProgramOptions } from './program.ts';

/** The peak resident memory of a run of the program, by what needs it. Runs nothing. */
export function estimateMemory(
  options: TrainProgramOptions,
  compiled: TrainProgram,
): MemoryEstimate {
  const weightBytes = compiled.weights.bytes;
  const adapterBytes = parameterVectors * dtypeBytes.float32 * options.layout.size;
  const step = peakBytes([compiled.pass.losses, compiled.pass.gradientNorms]);
  const activationBytes = Math.round(step * (1 + fragmentation));
  const runtimeBytes = bytesOfRuntime(compiled, options, weightBytes);
  return {
    totalBytes: runtimeBytes + weightBytes + adapterBytes + activationBytes,
    ...{ runtimeBytes, weightBytes, adapterBytes, activationBytes },
  };
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
