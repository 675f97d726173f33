/** A scorer in float32 over a base with adapters, for as long as it is needed: what proofs and comparisons ask. */
import { availableMemory } from '../available-memory.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import { packingOf, type Checkpoint } from '../checkpoint/checkpoint.ts';
import { bankOf } from '../lora/adapter-bank.ts';
import type { Architecture, BatchShape } from '../model/architecture.ts';
import { briefFusion } from '../policy.ts';
import { Scorer } from '../score/scorer.ts';
import type { Task } from '../task/task.ts';
import { asMemoryAllows } from './hold-for-answers.ts';
import { openHead } from './open-head.ts';

/** What answers. */
export type Scored = {
  checkpoint: Checkpoint;
  /** With the head that is asked. */
  architecture: Architecture;
  adapters: readonly Adapter[];
  /** One for each adapter. */
  weights: readonly number[];
};

/** A model as its files have it, with its own head where it tells texts apart. */
export function alone(checkpoint: Checkpoint): Scored {
  const { architecture } = checkpoint;
  const adapters = openHead([], [], checkpoint)?.adapters ?? [];
  return { checkpoint, architecture, adapters, weights: [1] };
}

export async function withScorer<T>(
  { checkpoint, architecture, adapters, weights }: Scored,
  { task, shape, losses }: { task: Task; shape: BatchShape; losses: number },
  work: (scorer: Scorer) => Promise<T>,
): Promise<T> {
  const { layout, parameters } = bankOf(adapters, architecture);
  const held = asMemoryAllows(checkpoint, 'float32', availableMemory());
  const scorer = new Scorer(
    {
      ...{ architecture, task, layout, shape, computeType: 'float32' },
      packingOf: packingOf(held),
      capacity: task.capacityFor(losses),
      fusion: briefFusion(),
    },
    held,
    { parameters, gates: adapters.length === 0 ? [1] : weights },
  );
  try {
    return await work(scorer);
  } finally {
    scorer.dispose();
  }
}
