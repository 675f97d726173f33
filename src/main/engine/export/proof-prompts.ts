/** Which prompts a merge is proven on: the run's held-out examples where they are still there, otherwise general ones. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { trainingConfig } from '../../../shared/contract/training-config.ts';
import { promptOf } from '../../../shared/prompt-of.ts';
import { encodeExamples, promptTokens } from '../batch/encode.ts';
import { readJsonl } from '../dataset/jsonl.ts';
import { splitExamples } from '../dataset/split.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

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

/** Token sequences of at most 256 tokens. `recordName` is the training record beside the adapter. */
export async function proofPrompts(
  adapterPath: string,
  recordName: string,
  tokenizer: Tokenizer,
): Promise<number[][]> {
  const held = await heldOut(join(adapterPath, recordName), tokenizer);
  if (held.length > 0) return held;
  return general.map((text) =>
    promptTokens(promptOf(text, tokenizer), tokenizer).slice(0, longest),
  );
}

async function heldOut(record: string, tokenizer: Tokenizer): Promise<number[][]> {
  if (!existsSync(record)) return [];
  const parsed = trainingConfig.safeParse(JSON.parse(readFileSync(record, 'utf8')));
  if (!parsed.success) return [];
  const { validation, data, seed } = parsed.data;
  const path = validation.kind === 'file' ? validation.path : data;
  if (validation.kind === 'none' || !existsSync(path)) return [];
  const { examples } = await readJsonl(path);
  const { encoded } = encodeExamples(examples, tokenizer);
  const part =
    validation.kind === 'split'
      ? splitExamples(encoded, validation.fraction, seed, path).validation
      : encoded;
  return part.slice(0, most).map(({ tokens }) => [...tokens.slice(0, longest)]);
}
