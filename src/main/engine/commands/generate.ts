/** `generate`, `generate.variants` and `compare`: answers of a model, with its adapters and without. */
import type {
  EngineContext,
  EngineRequest,
  EngineResponse,
  Generation,
} from '../../../shared/contract/engine.ts';
import { promptTokens } from '../batch/encode.ts';
import { tellFitted } from '../batch/tell-fitted.ts';
import { openAnswerer } from './answerer.ts';
import { tellAll, withModel } from './open-model.ts';
import { refuseLongPrompts } from './refuse-long-prompts.ts';
import { refuseWithoutNextToken } from './task-of.ts';

/** Errors: task/no-next-token, engine/prompt-too-long, and those of `withModel` and `openAnswerer`. */
export function generate(
  { prompts, options, ...source }: EngineRequest<'generate'>,
  context: EngineContext,
): Promise<Generation[]> {
  return withModel(source, context, async (model) => {
    refuseWithoutNextToken(model);
    tellAll(context, [...model.notices, ...tellFitted(prompts, model.tokenizer)]);
    const encoded = prompts.map((prompt) => promptTokens(prompt, model.tokenizer));
    refuseLongPrompts(model, encoded);
    const answerer = openAnswerer(model, encoded, options.maxNewTokens, context);
    try {
      return await answerer.answer(encoded, model, options);
    } finally {
      answerer.dispose();
    }
  });
}

/** Errors: those of `generate`. */
export function generateVariants(
  { adapters, variants, prompt, options, ...source }: EngineRequest<'generate.variants'>,
  context: EngineContext,
): Promise<Generation[]> {
  const odd = variants.find(({ length }) => length !== adapters.length);
  if (odd) throw new RangeError(`${odd.length} weights for ${adapters.length} adapters`);
  // What they weigh here is said by the gates.
  const weighed = adapters.map((path) => ({ path, weight: 1 }));
  return withModel({ ...source, adapters: weighed }, context, async (model) => {
    refuseWithoutNextToken(model);
    tellAll(context, [...model.notices, ...tellFitted([prompt], model.tokenizer)]);
    const encoded = [promptTokens(prompt, model.tokenizer)];
    refuseLongPrompts(model, encoded);
    const answerer = openAnswerer(model, encoded, options.maxNewTokens, context);
    try {
      const answers: Generation[] = [];
      for (const gates of variants)
        answers.push(...(await answerer.answer(encoded, { ...model, gates }, options)));
      return answers;
    } finally {
      answerer.dispose();
    }
  });
}

export async function compare(
  { adapters, ...asked }: EngineRequest<'compare'>,
  context: EngineContext,
): Promise<EngineResponse<'compare'>> {
  const weights = adapters.map(({ weight }) => weight);
  const [base, adapted] = await generateVariants(
    {
      ...asked,
      adapters: adapters.map(({ path }) => path),
      variants: [weights.map(() => 0), weights],
    },
    context,
  );
  if (!base || !adapted) throw new RangeError('a variant has one answer');
  return { base, adapted };
}
