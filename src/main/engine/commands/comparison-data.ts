/** What models are compared on: the data that the run of an adapter kept for validation, as blocks. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { MergedBase } from '../../../shared/contract/merge-report.ts';
import type { Block } from '../batch/block.ts';
import { nextTokenLabels } from '../batch/sequence.ts';
import { heldOut } from '../export/held-out.ts';
import { proofPrompts } from '../export/proof-prompts.ts';
import type { Task } from '../task/task.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Blend } from './open-blend.ts';
import { mergedOf } from './prove.ts';

export type ComparisonData = Pick<NonNullable<MergedBase['losses']>, 'on' | 'because'> & {
  blocks: readonly Block[];
  length: number;
};

/**
 * The run's validation data, or else the prompts of the proof, every token of which is predicted. No blocks where a classifier has
 * neither: general texts have no labels.
 * Errors: those of the tokenizer.
 */
export async function comparisonData(
  blend: Blend,
  task: Task,
  tokenizer: Tokenizer,
  context: EngineContext,
): Promise<ComparisonData> {
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
    const all = new Uint8Array(tokens.length).fill(1);
    return { line: i + 1, tokens, labels: nextTokenLabels(tokens, all) };
  });
  const length = Math.max(0, ...prompts.map((prompt) => prompt.length));
  const { blocks } = task.arrange(sequences, length);
  return { on: 'prompts', because, blocks, length };
}
