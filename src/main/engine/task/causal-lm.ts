/** Answers are learnt token by token: the loss of each is −log p of the next. */
import { tasks } from '../../../shared/tasks.ts';
import { loadEncoded } from '../batch/encode.ts';
import { packBlocks } from '../batch/pack.ts';
import type { Example } from '../dataset/example.ts';
import { gradients } from '../graph/gradients/gradients.ts';
import { GraphError } from '../graph/node.ts';
import { lossCapacity, nextTokenLoss } from './next-token-loss.ts';
import type { Task } from './task.ts';

export const causalLm: Task<Example> = {
  kind: 'causal-lm',
  ...tasks['causal-lm'],
  load: loadEncoded,
  arrange: packBlocks,
  capacityFor: lossCapacity,
  loss({ architecture, fusion, weights: base }, { hidden, labels, weights }, gradient) {
    const finished = architecture.finish(base.outside(fusion), hidden);
    const cap = architecture.logitCap;
    const inputs = { hidden: finished, output: base.output, labels, weights, cap };
    const { losses, dHidden: dFinished } = nextTokenLoss(fusion, inputs, gradient);
    if (!dFinished) return { losses, dHidden: null };
    const [dHidden] = gradients([finished], [dFinished], [hidden]);
    if (!dHidden) throw new GraphError('the loss does not depend on the hidden states');
    return { losses, dHidden };
  },
};
