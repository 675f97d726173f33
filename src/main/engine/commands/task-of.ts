/** What an opened model is asked for: the next token, or what a sequence is. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { knownLabels } from '../model/classifier.ts';
import { causalLm } from '../task/causal-lm.ts';
import { LabelNumbers } from '../task/label-numbers.ts';
import { sequenceClassification } from '../task/sequence-classification.ts';
import type { Task } from '../task/task.ts';
import type { OpenModel } from './open-model.ts';

/** The task of a model with its adapters. Errors: task/no-next-token. */
export function taskOf(model: Pick<OpenModel, 'checkpoint' | 'labels' | 'architecture'>): Task {
  if (model.labels)
    return sequenceClassification(model.architecture, new LabelNumbers(knownLabels(model.labels)));
  refuseWithoutNextToken(model);
  return causalLm;
}

/** For what only models do that predict tokens. Errors: task/no-next-token. */
export function refuseWithoutNextToken({
  checkpoint,
  labels,
}: Pick<OpenModel, 'checkpoint' | 'labels'>): void {
  const { architecture, path } = checkpoint;
  if (labels === null && architecture.outside.output !== null) return;
  const model = architecture.config.modelType;
  const byAdapter = labels === null ? null : 'adapter';
  const classifies = architecture.labels === null ? byAdapter : 'model';
  throw lorikeetError('task/no-next-token', { path, model, classifies });
}
