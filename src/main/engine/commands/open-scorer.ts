/** A scorer for some blocks, over a model that is open with its adapters. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import { packingOf } from '../checkpoint/checkpoint.ts';
import { parametersOf } from '../checkpoint/stored-types.ts';
import type { Block } from '../batch/block.ts';
import { mostLosses } from '../batch/most-losses.ts';
import { scoringFusion } from '../policy.ts';
import { Scorer } from '../score/scorer.ts';
import type { Task } from '../task/task.ts';
import { tellWeights, type OpenModel } from './open-model.ts';

/** For at most `rows` blocks of `length` tokens at once. Has to be disposed of. */
export function openScorer(
  { checkpoint, architecture, bank, gates, computeType }: OpenModel,
  task: Task,
  blocks: readonly Block[],
  { rows: most, length }: { rows: number; length: number },
  context: EngineContext,
): Scorer {
  const options = {
    ...{ architecture, task, layout: bank.layout, computeType },
    packingOf: packingOf(checkpoint),
    shape: { rows: Math.min(most, blocks.length), length },
    capacity: task.capacityFor(mostLosses(blocks, most)),
    fusion: scoringFusion({ weights: parametersOf(checkpoint), tokens: blocks.length * length }),
  };
  const adapters = { parameters: bank.parameters, gates };
  return new Scorer(options, checkpoint, adapters, tellWeights(context));
}
