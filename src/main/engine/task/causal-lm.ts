/** Answers are learnt token by token: the loss of each is −log p of the next. */
import { tasks } from '../../../shared/tasks.ts';
import { loadEncoded } from '../batch/encode.ts';
import { packBlocks } from '../batch/pack.ts';
import type { Example } from '../dataset/example.ts';
import { gradients } from '../graph/gradients/gradients.ts';
import { GraphError } from '../graph/node.ts';
import { outputOf } from '../model/base-weights.ts';
import { lossCapacity, nextTokenLoss } from './next-token-loss.ts';
import type { Task } from './task.ts';

export const causalLm: Task<Example> = {
  kind: 'causal-lm',
  ...tasks['causal-lm'],
  wholes: [],
  targets: null,
  outputWidth: 0,
  load: loadEncoded,
  arrange: packBlocks,
  capacityFor: lossCapacity,
  loss({ architecture, fusion, weights: base }, { hidden, labels, weights }, gradient) {
    const finished = architecture.finish(base.outside(fusion), hidden);
    const cap = architecture.logitCap;
    const inputs = { hidden: finished, output: outputOf(base), labels, weights, cap };
    const { losses, dHidden: dFinished } = nextTokenLoss(fusion, inputs, gradient);
    if (!dFinished) return { losses, outputs: null, gradient: null };
    const [dHidden] = gradients([finished], [dFinished], [hidden]);
    if (!dHidden) throw new GraphError('the loss does not depend on the hidden states');
    return { losses, outputs: null, gradient: { dHidden, dWholes: [], dSlots: [] } };
  },
  report: () => null,
};
