/** The prompts that a run answers while it trains, in tokens: those that were typed, or questions of its validation data. */
import type { Prompt } from '../../../shared/contract/engine.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { promptOf } from '../../../shared/prompt-of.ts';
import { promptTokens, questionOf } from '../batch/encode.ts';
import { messagesOf } from '../batch/conversation.ts';
import { checkPositions } from '../checkpoint/check-positions.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Example } from '../dataset/example.ts';
import { parseExample } from '../dataset/parse-example.ts';
import { loadData } from '../dataset/read-data.ts';
import { splitExamples } from '../dataset/split.ts';
import type { ModelConfig } from '../model/architecture.ts';
import { generationFusion } from '../policy.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Watched } from '../train/prompt-watch.ts';
import type { AnswersSize } from '../train/program.ts';
import { refuseLongPrompts } from './refuse-long-prompts.ts';
import { spread } from './spread.ts';

type Question = { prompt: Prompt; asked: string; wanted: string | null };

/** Null where nothing is asked. Errors: train/no-questions, engine/prompt-too-long, checkpoint/positions-end, dataset/*, tokenizer/*. */
export async function watchedPrompts(
  config: TrainingConfig,
  checkpoint: Checkpoint,
  tokenizer: Tokenizer,
): Promise<Watched | null> {
  if (config.watched.kind === 'off' || config.task !== 'causal-lm') return null;
  const questions = await questionsOf(config, config.watched, tokenizer);
  const prompts = questions.map(({ prompt, asked, wanted }) => ({
    ...{ asked, wanted, tokens: promptTokens(prompt, tokenizer) },
  }));
  const encoded = prompts.map(({ tokens }) => tokens);
  refuseLongPrompts({ checkpoint }, encoded);
  checkPositions(checkpoint, longestOf(encoded) + config.answerTokens);
  return {
    prompts,
    maxNewTokens: config.answerTokens,
    stopTokens: tokenizer.stopTokenIds,
    decode: (tokens) => tokenizer.decode([...tokens], { skipSpecial: true }),
  };
}

/**
 * What the training's program takes for them.
 * @param times that it answers
 */
export function answersSize(
  { prompts, maxNewTokens }: Watched,
  config: Pick<ModelConfig, 'numHiddenLayers'>,
  times: number,
): AnswersSize {
  const promptLength = longestOf(prompts.map(({ tokens }) => tokens));
  return {
    ...{ rows: prompts.length, promptLength, cacheLength: promptLength + maxNewTokens },
    fusion: generationFusion(config, times * maxNewTokens),
  };
}

function longestOf(prompts: readonly (readonly number[])[]): number {
  return Math.max(1, ...prompts.map(({ length }) => length));
}

async function questionsOf(
  config: TrainingConfig,
  watched: Exclude<TrainingConfig['watched'], { kind: 'off' }>,
  tokenizer: Tokenizer,
): Promise<Question[]> {
  if (watched.kind === 'typed')
    return watched.prompts.map((asked) => ({
      ...{ asked, prompt: promptOf(asked, tokenizer), wanted: null },
    }));
  const found = (await heldOut(config)).flatMap((example) => {
    const question = questionOf(example, tokenizer);
    return question ? { ...question, example } : [];
  });
  if (found.length === 0) throw lorikeetError('train/no-questions', { path: config.data });
  return spread(found, watched.count).map(({ prompt, answer, example }) => ({
    ...{ prompt, asked: sayQuestion(prompt, example), wanted: answer.trim() },
  }));
}

/** The examples that the run is validated on. */
async function heldOut({ data, columns, validation, seed }: TrainingConfig): Promise<Example[]> {
  if (validation.kind === 'none') return [];
  const path = validation.kind === 'file' ? validation.path : data;
  // What a line lacks for training is told by who reads it for that.
  const { examples } = await loadData({ path, columns }, parseExample);
  if (validation.kind === 'file') return examples;
  return splitExamples(examples, validation.fraction, seed, data).validation;
}

/** What a person reads of it: the last thing that was said before the answer. */
function sayQuestion(prompt: Prompt, example: Example): string {
  if (prompt.kind === 'text') return prompt.text;
  if (example.kind === 'completion') return example.prompt;
  return messagesOf(prompt).at(-1)?.content ?? '';
}
