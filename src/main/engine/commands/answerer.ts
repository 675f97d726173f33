/** A loaded model that answers prompts, some at once. */
import type {
  EngineContext,
  GenerateOptions,
  Generation,
} from '../../../shared/contract/engine.ts';
import { packingOf } from '../checkpoint/checkpoint.ts';
import { checkPositions } from '../checkpoint/check-positions.ts';
import { Generator } from '../generate/generator.ts';
import { tellIdleSettings } from '../generate/idle-settings.ts';
import { generationFusion } from '../policy.ts';
import { refuseLongAnswers } from './refuse-long-answers.ts';
import { breathe, tellAll, tellWeights, type OpenModel } from './open-model.ts';

/** Prompts answered together: enough to share the reading of the weights, few enough to wait for the slowest. */
const mostRows = 16;

export type Answerer = {
  /** By the opened model, or by one that differs from it in gates and tokenizer. */
  answer: (
    prompts: readonly (readonly number[])[],
    model: Pick<OpenModel, 'gates' | 'tokenizer'>,
    options: GenerateOptions,
  ) => Promise<Generation[]>;
  dispose: () => void;
};

/**
 * Large enough for these prompts, in tokens, and answers of so many tokens; has to be disposed of.
 * @param prompts all that will be asked, which is what progress is told of
 * @param atOnce of these, how many are asked together
 * Errors: checkpoint/positions-end, engine/answer-too-long.
 */
export function openAnswerer(
  { checkpoint, bank, computeType }: OpenModel,
  prompts: readonly (readonly number[])[],
  maxNewTokens: number,
  context: EngineContext,
  atOnce = prompts.length,
): Answerer {
  const longest = Math.max(1, ...prompts.map((tokens) => tokens.length));
  const rows = Math.min(mostRows, atOnce);
  const cacheLength = longest + maxNewTokens;
  checkPositions(checkpoint, cacheLength);
  refuseLongAnswers({ checkpoint, computeType }, rows, cacheLength);
  tellAll(context, tellIdleSettings(checkpoint.tokenizer.generationConfig));
  const { maxPositionEmbeddings } = checkpoint.config;
  if (cacheLength > maxPositionEmbeddings) {
    const text = `Prompt and answer may have ${cacheLength} tokens, and the model was made for ${maxPositionEmbeddings} positions; it may answer badly beyond them.`;
    tellAll(context, [text]);
  }
  const generator = new Generator(
    {
      architecture: checkpoint.architecture,
      layout: bank.layout,
      rows,
      promptLength: longest,
      cacheLength,
      computeType,
      packingOf: packingOf(checkpoint),
      fusion: generationFusion(checkpoint.config, Math.ceil(prompts.length / rows) * maxNewTokens),
    },
    checkpoint,
    bank.parameters,
    tellWeights(context),
  );
  let done = 0;
  const answer: Answerer['answer'] = async (asked, { gates, tokenizer }, options) => {
    const results: Generation[] = [];
    for (let begin = 0; begin < asked.length; begin += rows) {
      const batch = asked.slice(begin, begin + rows);
      const started = performance.now();
      const answers = await generator.generate(
        batch,
        batch.map(() => gates),
        { ...options, seed: options.seed + begin, stopTokens: tokenizer.stopTokenIds },
        () => breathe(context.signal, 'Generation'),
      );
      const seconds = (performance.now() - started) / 1000;
      for (const tokens of answers) {
        const text = tokenizer.decode(tokens, { skipSpecial: true });
        results.push({ text, tokens: tokens.length, tokensPerSecond: tokens.length / seconds });
      }
      done += batch.length;
      const total = prompts.length;
      if (total > rows) context.emit({ kind: 'progress', phase: 'Answering', done, total });
    }
    return results;
  };
  return { answer, dispose: () => generator.dispose() };
}
