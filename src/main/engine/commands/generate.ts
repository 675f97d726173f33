/** `generate` and `compare`: answers of a model, with its adapters and without. */
import type {
  EngineContext,
  EngineRequest,
  GenerateOptions,
  Generation,
  Prompt,
} from '../../../shared/contract/engine.ts';
import { promptTokens } from '../batch/encode.ts';
import { tellFitted } from '../batch/tell-fitted.ts';
import { checkPositions } from '../checkpoint/check-positions.ts';
import { Generator } from '../generate/generator.ts';
import { generationFusion } from '../policy.ts';
import { breathe, tellAll, tellWeights, withModel, type OpenModel } from './open-model.ts';
import { refuseWithoutNextToken } from './task-of.ts';

/** Prompts answered together: enough to share the reading of the weights, few enough to wait for the slowest. */
const mostRows = 16;

export function generate(
  { prompts, options, ...source }: EngineRequest<'generate'>,
  context: EngineContext,
): Promise<Generation[]> {
  return withModel(source, context, async (model) => {
    refuseWithoutNextToken(model);
    tellAll(context, [...model.notices, ...tellFitted(prompts, model.tokenizer)]);
    const answer = answerer(model, prompts, options.maxNewTokens, context);
    try {
      return await answer.all(options, model.gates);
    } finally {
      answer.dispose();
    }
  });
}

export function compare(
  { prompt, options, ...source }: EngineRequest<'compare'>,
  context: EngineContext,
): Promise<{ base: Generation; adapted: Generation }> {
  return withModel(source, context, async (model) => {
    refuseWithoutNextToken(model);
    tellAll(context, [...model.notices, ...tellFitted([prompt], model.tokenizer)]);
    const answer = answerer(model, [prompt], options.maxNewTokens, context);
    try {
      // One loaded model gives both: with gates at 0 the adapters are off.
      const [base] = await answer.all(
        options,
        model.gates.map(() => 0),
      );
      const [adapted] = await answer.all(options, model.gates);
      if (!base || !adapted) throw new RangeError('one prompt has one answer');
      return { base, adapted };
    } finally {
      answer.dispose();
    }
  });
}

export type Answerer = {
  all: (options: GenerateOptions, gates: readonly number[]) => Promise<Generation[]>;
  dispose: () => void;
};

/** A generator that is large enough for these prompts. */
export function answerer(
  { checkpoint, tokenizer, bank, computeType }: OpenModel,
  prompts: readonly Prompt[],
  maxNewTokens: number,
  context: EngineContext,
): Answerer {
  const encoded = prompts.map((prompt) => promptTokens(prompt, tokenizer));
  const longest = Math.max(1, ...encoded.map((tokens) => tokens.length));
  const rows = Math.min(mostRows, encoded.length);
  const cacheLength = longest + maxNewTokens;
  checkPositions(checkpoint, cacheLength);
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
      fusion: generationFusion(maxNewTokens),
    },
    checkpoint,
    bank.parameters,
    tellWeights(context),
  );
  const all = async (options: GenerateOptions, gates: readonly number[]): Promise<Generation[]> => {
    const results: Generation[] = [];
    for (let begin = 0; begin < encoded.length; begin += rows) {
      const batch = encoded.slice(begin, begin + rows);
      const started = performance.now();
      const answers = await generator.generate(
        batch,
        gates,
        { ...options, seed: options.seed + begin, stopTokens: tokenizer.stopTokenIds },
        () => breathe(context.signal, 'Generation'),
      );
      const seconds = (performance.now() - started) / 1000;
      for (const answer of answers) {
        const text = tokenizer.decode(answer, { skipSpecial: true });
        results.push({ text, tokens: answer.length, tokensPerSecond: answer.length / seconds });
      }
      if (encoded.length > rows) {
        context.emit({
          kind: 'progress',
          phase: 'Answering',
          done: results.length,
          total: encoded.length,
        });
      }
    }
    return results;
  };
  return { all, dispose: () => generator.dispose() };
}
