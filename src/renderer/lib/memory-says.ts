/** The memory of a run in words: its parts, and what to do where it does not fit into what is free. */
import type { TrainEstimate } from '../../shared/contract/estimates.ts';
import type { BaseChoice } from '../../shared/base-forms.ts';
import type { KeepPolicy } from '../../shared/contract/training-config.ts';
import { sayBase } from '../../shared/say-base.ts';
import { trainingSettings } from '../../shared/settings/table.ts';

export type MemoryPart = { label: string; bytes: number; colour: string };

/** The parts of the estimate in the order of the bar, each with the name of its colour. */
export function memoryParts({
  memory,
  base,
}: Pick<TrainEstimate, 'memory' | 'base'>): MemoryPart[] {
  return [
    { label: `Base weights (${sayBase(base)})`, bytes: memory.weightBytes, colour: '--series-2' },
    { label: 'Adapter and optimiser', bytes: memory.adapterBytes, colour: '--series-4' },
    { label: 'Activations', bytes: memory.activationBytes, colour: '--series-5' },
    { label: 'Runtime', bytes: memory.runtimeBytes, colour: '--series-8' },
  ];
}

export type MemorySettings = {
  batchSize: number | null;
  sequenceLength: number | null;
  keep: KeepPolicy | null;
  base: BaseChoice | null;
};

/** What makes the run smaller. Settings help only with the activations: where the rest is too much, they are not named. */
export function memoryAdvice(estimate: TrainEstimate, settings: MemorySettings): string {
  const { totalBytes, activationBytes } = estimate.memory;
  const larger = settings.base === 'dense' || settings.base === 'int8';
  const held = larger ? [`set “${trainingSettings.base.label}” to automatic`] : [];
  if (totalBytes - activationBytes > estimate.freeMemoryBytes) {
    return asSentence([...held, 'close other programs', 'choose a smaller model']);
  }
  return asSentence([
    ...held,
    ...((settings.batchSize ?? 1) > 1 ? ['lower the batch size'] : []),
    'shorten the sequences',
    ...(settings.keep === 'inputs' ? [] : ['keep only layer inputs for the backward pass']),
    'close other programs',
  ]);
}

/** 'A, b or c.' */
function asSentence(ways: readonly string[]): string {
  const text = `${ways.slice(0, -1).join(', ')} or ${ways.at(-1) ?? ''}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
