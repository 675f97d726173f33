/** Two merges of the same adapters beside base + adapters, on the data that the run kept for validation. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { MergedBase } from '../../../shared/contract/merge-report.ts';
import { mostLosses } from '../batch/most-losses.ts';
import { withCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { withMerged } from '../export/as-merged.ts';
import { roundedTo } from '../export/in-type.ts';
import type { GgmlType } from '../ggml/ggml-types.ts';
import type { Architecture } from '../model/architecture.ts';
import { asClassifier } from '../model/classifier.ts';
import { causalLm } from '../task/causal-lm.ts';
import { LabelNumbers } from '../task/label-numbers.ts';
import { sequenceClassification } from '../task/sequence-classification.ts';
import type { Task } from '../task/task.ts';
import { createTokenizer } from '../tokenizer/tokenizer.ts';
import { comparisonData } from './comparison-data.ts';
import type { Blend } from './open-blend.ts';
import { breathe } from './open-model.ts';
import { mergedOf } from './prove.ts';
import { alone, withScorer, type Scored } from './with-scorer.ts';

/** Files that were written, and the type that each weight has in them. */
export type WrittenModel = { path: string; typeOf: (name: string) => GgmlType };

/** Blocks scored together. */
const rows = 4;

/**
 * In float32. Null where there is nothing to compare on: general texts have no labels for a classifier.
 * Errors: those of the tokenizer and the checkpoints; engine/cancelled.
 */
export async function compareLosses(
  blend: Blend,
  { path, typeOf }: WrittenModel,
  context: EngineContext,
): Promise<MergedBase['losses']> {
  const { trained } = blend.bases;
  const { adapters, weights } = mergedOf(blend);
  const tokenizer = createTokenizer(trained.tokenizer, trained.config, blend.manner);
  const { labels } = blend;
  // The numbers that labels got when they were read mean the same to every model.
  const numbers = labels && new LabelNumbers(labels);
  const taskOn = (model: Architecture): Task =>
    numbers === null ? causalLm : sequenceClassification(model, numbers);
  const architecture =
    labels === null ? trained.architecture : asClassifier(trained.architecture, labels);
  const data = await comparisonData(blend, taskOn(architecture), tokenizer, context);
  const { blocks, length, ...asked } = data;
  if (blocks.length === 0) return null;
  const shape = { rows: Math.min(rows, blocks.length), length };
  let done = 0;
  const lossOf = (model: Scored) =>
    withScorer(
      model,
      { task: taskOn(model.architecture), shape, losses: mostLosses(blocks, rows) },
      (scorer) =>
        scorer.evaluate(blocks, async (scored) => {
          done += scored;
          const total = 3 * blocks.length;
          context.emit({ kind: 'progress', phase: 'Comparing the bases', done, total });
          await breathe(context.signal, 'The merge');
        }),
    );
  const { loss, tokens } = await lossOf({ checkpoint: trained, architecture, adapters, weights });
  const rounded = (name: string, values: Float32Array) =>
    roundedTo({ name, type: typeOf(name) }, values, trained.path);
  const merged = await withMerged(trained, blend.sum(), rounded, (model) => lossOf(alone(model)));
  const written = await withCheckpoint(path, (model) => lossOf(alone(model)));
  return { ...asked, places: tokens, trained: loss, merged: merged.loss, written: written.loss };
}
