/** `evaluate`: loss on a data file, and the figures of the task: how many answers are exactly right, how well texts are told apart. */
import type {
  EngineContext,
  EngineRequest,
  EngineResponse,
} from '../../../shared/contract/engine.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Block } from '../batch/block.ts';
import { questionOf } from '../batch/encode.ts';
import { mostLosses } from '../batch/most-losses.ts';
import { tellBeyondContext, tellTooLong } from '../batch/tell.ts';
import { checkPositions } from '../checkpoint/check-positions.ts';
import type { Example } from '../dataset/example.ts';
import { parseExample } from '../dataset/parse-example.ts';
import { loadData, type DataFile } from '../dataset/read-data.ts';
import { fusionOfDevice } from '../policy.ts';
import type { Task } from '../task/task.ts';
import type { Evaluation } from '../score/evaluation.ts';
import { Scorer } from '../score/scorer.ts';
import { answerer } from './generate.ts';
import { tellAll, tellWeights, withModel, type OpenModel } from './open-model.ts';
import { taskOf } from './task-of.ts';

/** Blocks scored together. */
const rows = 4;

export function evaluate(
  request: EngineRequest<'evaluate'>,
  context: EngineContext,
): Promise<EngineResponse<'evaluate'>> {
  const { data, columns, limit, sequenceLength } = request;
  return withModel(request, context, async (model) => {
    const task = taskOf(model);
    if (task.kind === 'causal-lm') checkPositions(model.checkpoint, sequenceLength);
    const { maxPositionEmbeddings } = model.checkpoint.config;
    const longest = Math.min(sequenceLength, maxPositionEmbeddings);
    const file = { path: data, columns };
    const all = await task.load(file, model.tokenizer, longest);
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
      throw lorikeetError('dataset/all-too-long', {
        path: data,
        examples: examples.length,
        sequenceLength,
      });
    }
    const { loss, tokens, report } = score(model, task, blocks, sequenceLength, context);
    if (report !== null) {
      return { task: 'sequence-classification', loss, examples: examples.length, report };
    }
    const questions = request.generate ? await causalExamples(file, limit) : [];
    return {
      task: 'causal-lm',
      loss,
      perplexity: Math.exp(loss),
      tokens,
      exactMatch: await exactMatches(model, questions, context),
      examples: examples.length,
    };
  });
}

/** The examples as what is asked and answered. */
async function causalExamples(file: DataFile, limit: number | null): Promise<readonly Example[]> {
  return (await loadData(file, parseExample)).examples.slice(0, limit ?? undefined);
}

function score(
  { checkpoint, architecture, bank, gates, computeType }: OpenModel,
  task: Task,
  blocks: readonly Block[],
  sequenceLength: number,
  context: EngineContext,
): Evaluation {
  const scorer = new Scorer(
    {
      architecture,
      task,
      layout: bank.layout,
      shape: { rows: Math.min(rows, blocks.length), length: sequenceLength },
      capacity: task.capacityFor(mostLosses(blocks, rows)),
      computeType,
      fusion: fusionOfDevice(),
    },
    checkpoint,
    { parameters: bank.parameters, gates },
    tellWeights(context),
  );
  try {
    return scorer.evaluate(blocks);
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
