/** What a run would need, for a person or a program: the result of `lorikeet train --estimate`. */
import type { TrainEstimate } from '../shared/contract/estimates.ts';
import { sayBase } from '../shared/say-base.ts';
import { formatBytes, formatCount, formatPercent } from './format.ts';
import type { Output } from './output.ts';
import { renderPairs } from './table.ts';

/** Writes the estimate; what will not fit is also said on stderr, with what to do. */
export function tellEstimate(output: Output, estimate: TrainEstimate): void {
  const { base, memory, freeMemoryBytes, refusal, totalSteps } = estimate;
  const { trainableParameters, totalParameters } = estimate;
  output.result(estimate, () =>
    renderPairs([
      ['Steps', formatCount(totalSteps)],
      ['Trained', trainedOf(trainableParameters, totalParameters)],
      [
        'Memory at the peak',
        `about ${formatBytes(memory.totalBytes)} of ${formatBytes(freeMemoryBytes)} free`,
      ],
      [`  base weights (${sayBase(base)})`, formatBytes(memory.weightBytes)],
      ['  adapter and optimiser', formatBytes(memory.adapterBytes)],
      ['  activations', formatBytes(memory.activationBytes)],
      ['  runtime', formatBytes(memory.runtimeBytes)],
    ]),
  );
  if (refusal) {
    output.note(`${refusal.what} ${refusal.next}`);
  } else if (memory.totalBytes > freeMemoryBytes) {
    output.note(
      'This is more memory than is free: lower --batch-size or --sequence-length, take --keep inputs, or leave --base at auto.',
    );
  }
}

/** 1,221,120 of 135,736,128 parameters (0.9 %) */
export function trainedOf(trainable: number, total: number): string {
  return `${formatCount(trainable)} of ${formatCount(total)} parameters (${formatPercent(trainable / total)})`;
}
