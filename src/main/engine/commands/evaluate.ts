/** `evaluate`: loss on a data file, and how many answers are exactly right. */
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
import { fusionOfDevice } from '../policy.ts';
import { causalLm } from '../task/causal-lm.ts';
import { Scorer } from '../score/scorer.ts';
import { answerer } from './generate.ts';
import { tellAll, tellWeights, withModel, type OpenModel } from './open-model.ts';

/** Blocks scored together. */
const rows = 4;

export function evaluate(
  request: EngineRequest<'evaluate'>,
  context: EngineContext,
): Promise<EngineResponse<'evaluate'>> {
  const { data, columns, limit, sequenceLength } = request;
  return withModel(request, context, async (model) => {
    const all = await causalLm.load({ path: data, columns }, model.tokenizer);
    const examples = all.examples.slice(0, limit ?? undefined);
    const encoded = all.encoded.slice(0, limit ?? undefined);
    const { blocks, tooLong } = causalLm.arrange(encoded.flat(), sequenceLength);
    checkPositions(model.checkpoint, sequenceLength);
    const { maxPositionEmbeddings } = model.checkpoint.config;
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
    const scored = score(model, blocks, sequenceLength, context);
    const exactMatch = request.generate ? await exactMatches(model, examples, context) : null;
    return {
      loss: scored.loss,
      perplexity: Math.exp(scored.loss),
      tokens: scored.tokens,
      exactMatch,
      examples: examples.length,
    };
  });
}

function score(
  { checkpoint, bank, gates, computeType }: OpenModel,
  blocks: readonly Block[],
  sequenceLength: number,
  context: EngineContext,
): { loss: number; tokens: number } {
  const scorer = new Scorer(
    {
      architecture: checkpoint.architecture,
      task: causalLm,
      layout: bank.layout,
      shape: { rows: Math.min(rows, blocks.length), length: sequenceLength },
      capacity: causalLm.capacityFor(mostLosses(blocks, rows)),
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
