/** Which prompts a merge is proven on: the run's held-out examples where they are still there, otherwise general ones. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import { promptOf } from '../../../shared/prompt-of.ts';
import { framed, type Framing } from '../batch/encode-labelled.ts';
import { encodeExamples, promptTokens } from '../batch/encode.ts';
import type { Sequence } from '../batch/sequence.ts';
import { parseExample } from '../dataset/parse-example.ts';
import { readData, type DataFile } from '../dataset/read-data.ts';
import type { ModelConfig } from '../model/architecture.ts';
import type { Task } from '../task/task.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { heldOut } from './held-out.ts';

const most = 16;
/** Tokens of one: so many, or all that the model has positions for. */
const longest = (config: ModelConfig) => Math.min(256, config.maxPositionEmbeddings);

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

type Teller = Pick<EngineContext, 'emit'>;
/** The model that is merged. */
type Asked = { config: ModelConfig; tokenizer: Tokenizer };

/**
 * Token sequences, held-out data of the run of the adapter at `adapter`, if there is one. Held-out data that cannot be used
 * any more are told and replaced: a merge does not depend on them.
 */
export async function proofPrompts(
  adapter: string | null,
  { config, tokenizer }: Asked,
  context: Teller,
): Promise<number[][]> {
  const held = await usableHeldOut(adapter, context, async (file) => {
    const { examples } = await readData(file, parseExample);
    return encodeExamples(examples, tokenizer).encoded;
  });
  const prompts =
    held.length > 0
      ? held.map(({ tokens }) => [...tokens])
      : general.map((text) => promptTokens(promptOf(text, tokenizer), tokenizer));
  return prompts.map((tokens) => tokens.slice(0, longest(config)));
}

/** The same for classifiers: sequences with a label, whichever it is, at the token that is read. */
export async function proofSequences(
  adapter: string | null,
  { config, tokenizer }: Asked,
  { task, framing }: { task: Task; framing: Omit<Framing, 'longest'> },
  context: Teller,
): Promise<Sequence[]> {
  const held = await usableHeldOut(adapter, context, async (file) => {
    const { encoded } = await task.load(file, tokenizer, longest(config));
    return encoded;
  });
  if (held.length > 0) return held;
  return general.flatMap((text, i) => {
    const found = framed([text], 0, tokenizer, { ...framing, longest: longest(config) });
    return 'reason' in found ? [] : [{ line: i + 1, ...found.sequence }];
  });
}

/** None where the run kept none, or its own data cannot be used any more; the latter is told. */
async function usableHeldOut(
  adapter: string | null,
  { emit }: Teller,
  load: (file: DataFile) => Promise<Sequence[][]>,
): Promise<Sequence[]> {
  const held = await heldOut(adapter, load);
  if (held.kind === 'unusable') {
    const text = `The merge is proven on general prompts, since ${held.because}`;
    emit({ kind: 'notice', text });
  }
  return held.kind === 'there' ? held.sequences.slice(0, most) : [];
}
