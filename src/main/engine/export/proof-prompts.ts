/** Which prompts a merge is proven on: the run's held-out examples where they are still there, otherwise general ones. */
import { existsSync } from 'node:fs';
import type { EngineContext } from '../../../shared/contract/engine.ts';
import { toProblem } from '../../../shared/errors/lorikeet-error.ts';
import { promptOf } from '../../../shared/prompt-of.ts';
import { encodeExamples, promptTokens } from '../batch/encode.ts';
import { parseExample } from '../dataset/parse-example.ts';
import { readData } from '../dataset/read-data.ts';
import { splitExamples } from '../dataset/split.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { readTrainingRecord, trainingRecordPath } from './training-record.ts';

const most = 16;
const longest = 256;

const general = [
  'What is the capital of France?',
  'Write one sentence about the sea.',
  'Explain what a neural network is to a child.',
  'List three fruits that are red.',
  'Translate "good morning" into Spanish.',
  'What is 17 plus 25?',
  'Give me a short recipe for pancakes.',
  'Why is the sky blue?',
];

/**
 * Token sequences of at most 256 tokens, held-out data of the run of the adapter at `adapter`. Held-out data that cannot be used
 * any more are told and replaced: a merge does not depend on them.
 */
export async function proofPrompts(
  adapter: string,
  tokenizer: Tokenizer,
  { emit }: Pick<EngineContext, 'emit'>,
): Promise<number[][]> {
  try {
    const held = await heldOut(adapter, tokenizer);
    if (held.length > 0) return held;
  } catch (thrown) {
    const { what, where } = toProblem(thrown);
    const text = `The merge is proven on general prompts, since the run's own data cannot be used: ${what} (${where ?? trainingRecordPath(adapter)})`;
    emit({ kind: 'notice', text });
  }
  return general.map((text) =>
    promptTokens(promptOf(text, tokenizer), tokenizer).slice(0, longest),
  );
}

async function heldOut(adapter: string, tokenizer: Tokenizer): Promise<number[][]> {
  const record = readTrainingRecord(adapter);
  if (record === null) return [];
  const { validation, data, columns, seed } = record;
  const path = validation.kind === 'file' ? validation.path : data;
  if (validation.kind === 'none' || !existsSync(path)) return [];
  const { examples } = await readData({ path, columns }, parseExample);
  const { encoded } = encodeExamples(examples, tokenizer);
  const part =
    validation.kind === 'split'
      ? splitExamples(encoded, validation.fraction, seed, path).validation
      : encoded;
  return part
    .flat()
    .slice(0, most)
    .map(({ tokens }) => [...tokens.slice(0, longest)]);
}
