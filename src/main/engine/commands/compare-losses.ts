/** Two merges of the same adapters beside base + adapters, on the data that the run kept for validation. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { MergedBase } from '../../../shared/contract/merge-report.ts';
import { mostLosses } from '../batch/most-losses.ts';
import type { Block } from '../batch/block.ts';
import { nextTokenLabels } from '../batch/sequence.ts';
import { withCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { withMerged } from '../export/as-merged.ts';
import { heldOut } from '../export/held-out.ts';
import { roundedTo } from '../export/in-type.ts';
import { proofPrompts } from '../export/proof-prompts.ts';
import type { GgmlType } from '../ggml/ggml-types.ts';
import type { Architecture } from '../model/architecture.ts';
import { asClassifier } from '../model/classifier.ts';
import type { Task } from '../task/task.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Blend } from './open-blend.ts';
import { breathe } from './open-model.ts';
import { mergedOf } from './proven-merge.ts';
import { taskOf } from './task-of.ts';
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
  const taskFor = (architecture: Architecture): Task =>
    taskOf({ checkpoint: trained, labels: blend.labels, architecture });
  const architecture =
    blend.labels === null ? trained.architecture : asClassifier(trained.architecture, blend.labels);
  const data = await dataOf(blend, taskFor(architecture), tokenizer, context);
  const { blocks, length, ...asked } = data;
  if (blocks.length === 0) return null;
  const shape = { rows: Math.min(rows, blocks.length), length };
  let done = 0;
  const lossOf = (model: Scored) =>
    withScorer(
      model,
      { task: taskFor(model.architecture), shape, losses: mostLosses(blocks, rows) },
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

type Asked = Pick<NonNullable<MergedBase['losses']>, 'on' | 'because'> & {
  blocks: readonly Block[];
  length: number;
};

/** The run's validation data, or else the prompts of the proof, every token of which is predicted. */
async function dataOf(
  blend: Blend,
  task: Task,
  tokenizer: Tokenizer,
  context: EngineContext,
): Promise<Asked> {
  const { config } = blend.bases.trained;
  const { path } = mergedOf(blend);
  const held = await heldOut(path, async (file, sequenceLength) => {
    const longest = Math.min(sequenceLength, config.maxPositionEmbeddings);
    return (await task.load(file, tokenizer, longest)).encoded;
  });
  if (held.kind === 'there') {
    const { blocks } = task.arrange(held.sequences, held.sequenceLength);
    if (blocks.length > 0)
      return { on: 'validation', because: null, blocks, length: held.sequenceLength };
  }
  const because =
    held.kind === 'there' ? 'no validation example of the run fits into a block' : held.because;
  const prompts =
    blend.labels === null ? await proofPrompts(path, { config, tokenizer }, context) : [];
  const sequences = prompts.map((prompt, i) => {
    const tokens = Int32Array.from(prompt);
    return {
      line: i + 1,
      tokens,
      labels: nextTokenLabels(
        tokens,
        tokens.map(() => 1),
      ),
    };
  });
  const length = Math.max(0, ...prompts.map((prompt) => prompt.length));
  const { blocks } = task.arrange(sequences, length);
  return { on: 'prompts', because, blocks, length };
}
