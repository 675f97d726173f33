/** The memory of a run in words: its parts, whether it fits into what is free, and what to do if not. */
import type { MemoryEstimate, TrainEstimate } from '../../shared/contract/records.ts';
import type { KeepPolicy } from '../../shared/contract/training-config.ts';

export type MemoryPart = { label: string; bytes: number; colour: string };

/** The parts of the estimate in the order of the bar, each with the name of its colour. */
export function memoryParts(memory: MemoryEstimate): MemoryPart[] {
  return [
    { label: 'Base weights', bytes: memory.weightBytes, colour: '--series-2' },
    { label: 'Adapter and optimiser', bytes: memory.adapterBytes, colour: '--series-4' },
    { label: 'Activations', bytes: memory.activationBytes, colour: '--series-5' },
    { label: 'Runtime', bytes: memory.runtimeBytes, colour: '--series-8' },
  ];
}

export type MemoryFit = 'fits' | 'close' | 'over';

/** How far a real peak may lie above the estimate, as a share of it. */
const uncertainty = 0.15;

export function memoryFit({ memory, freeMemoryBytes }: TrainEstimate): MemoryFit {
  if (memory.totalBytes > freeMemoryBytes) return 'over';
  return memory.totalBytes * (1 + uncertainty) > freeMemoryBytes ? 'close' : 'fits';
}

export type MemorySettings = {
  batchSize: number | null;
  sequenceLength: number | null;
  keep: KeepPolicy | null;
};

/** What makes the run smaller. Settings help only with the activations: where the rest is too much, they are not named. */
export function memoryAdvice(estimate: TrainEstimate, settings: MemorySettings): string {
  const { totalBytes, activationBytes } = estimate.memory;
  if (totalBytes - activationBytes > estimate.freeMemoryBytes) {
    return 'Close other programs, or choose a smaller model.';
  }
  const ways = [
    ...((settings.batchSize ?? 1) > 1 ? ['lower the batch size'] : []),
    'shorten the sequences',
    ...(settings.keep === 'inputs' ? [] : ['keep only layer inputs for the backward pass']),
    'close other programs',
  ];
  const text = `${ways.slice(0, -1).join(', ')} or ${ways.at(-1) ?? ''}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
