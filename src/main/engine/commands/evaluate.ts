/** `evaluate`: loss on a data file, and the figures of the task: how many answers are exactly right, how well texts are told apart. */
import type {
  EngineContext,
  EngineRequest,
  EngineResponse,
} from '../../../shared/contract/engine.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { questionOf } from '../batch/encode.ts';
import { tellBeyondContext, tellTooLong } from '../batch/tell.ts';
import { checkPositions } from '../checkpoint/check-positions.ts';
import type { Example } from '../dataset/example.ts';
import { causalLm } from '../task/causal-lm.ts';
import type { Task } from '../task/task.ts';
import type { Evaluation } from '../score/evaluation.ts';
import { answerer } from './generate.ts';
import { tellAll, withModel, type OpenModel } from './open-model.ts';
import { openScorer } from './open-scorer.ts';
import { refuseWithoutNextToken, taskOf } from './task-of.ts';

/** Blocks scored together. */
const rows = 4;

export function evaluate(
  request: EngineRequest<'evaluate'>,
  context: EngineContext,
): Promise<EngineResponse<'evaluate'>> {
  return withModel(request, context, async (model) => {
    if (model.labels === null) return await evaluateAnswers(model, request, context);
    const { loss, report, examples } = await scoreFile(model, taskOf(model), request, context);
    if (report === null) throw new TypeError('a classifier says more than its loss');
    return { task: 'sequence-classification', loss, examples: examples.length, report };
  });
}

async function evaluateAnswers(
  model: OpenModel,
  request: EngineRequest<'evaluate'>,
  context: EngineContext,
): Promise<EngineResponse<'evaluate'>> {
  refuseWithoutNextToken(model);
  checkPositions(model.checkpoint, request.sequenceLength);
  const { loss, tokens, examples } = await scoreFile(model, causalLm, request, context);
  return {
    task: 'causal-lm',
    loss,
    perplexity: Math.exp(loss),
    tokens,
    exactMatch: request.generate ? await exactMatches(model, examples, context) : null,
    examples: examples.length,
  };
}

/** The loss over the first `limit` examples of the data file, and the examples. */
async function scoreFile<E>(
  model: OpenModel,
  task: Task<E>,
  { data, columns, limit, sequenceLength }: EngineRequest<'evaluate'>,
  context: EngineContext,
): Promise<Evaluation & { examples: readonly E[] }> {
  const { maxPositionEmbeddings } = model.checkpoint.config;
  const longest = Math.min(sequenceLength, maxPositionEmbeddings);
  const all = await task.load({ path: data, columns }, model.tokenizer, longest);
  const examples = all.examples.slice(0, limit ?? undefined);
  const encoded = all.encoded.slice(0, limit ?? undefined);
  const { blocks, tooLong } = task.arrange(encoded.flat(), sequenceLength);
  tellAll(context, [
    ...model.notices,
    ...all.notices,
    ...tellTooLong(encoded, tooLong, sequenceLength),
    ...tellBeyondContext(encoded, sequenceLength, maxPositionEmbeddings),
  ]);
  if (blocks.length === 0) {
    const found = { path: data, examples: examples.length, sequenceLength };
    throw lorikeetError('dataset/all-too-long', found);
  }
  const size = { rows, length: sequenceLength };
  const scorer = openScorer(model, task, blocks, size, context);
  try {
    return { ...scorer.evaluate(blocks), examples };
  } finally {
    scorer.dispose();
  }
}

/** The share of examples whose greedy answer is the wanted one, spaces round it apart; null when none asks anything. */
async function exactMatches(
  model: OpenModel,
  examples: readonly Example[],
  context: EngineContext,
): Promise<number | null> {
  const questions = examples
    .map((example) => questionOf(example, model.tokenizer))
    .filter((question) => question !== null);
  if (questions.length === 0) return null;
  const lengths = questions.map(({ answer }) => model.tokenizer.encode(answer).length);
  // A right answer needs no more tokens than the longest wanted one and its end.
  const maxNewTokens = Math.max(...lengths) + 2;
  const prompts = questions.map(({ prompt }) => prompt);
  const answers = answerer(model, prompts, maxNewTokens, context);
  try {
    const given = await answers.all({ maxNewTokens, temperature: 0, seed: 0 }, model.gates);
    const right = given.filter(({ text }, i) => text.trim() === questions[i]?.answer.trim());
    return right.length / questions.length;
  } finally {
    answers.dispose();
  }
}
