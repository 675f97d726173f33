/** `generate` and `compare`: answers of a model, with its adapters and without. */
import type { EngineContext, EngineRequest, Generation } from '../../../shared/contract/engine.ts';
import { promptTokens } from '../batch/encode.ts';
import { tellFitted } from '../batch/tell-fitted.ts';
import { openAnswerer } from './answerer.ts';
import { tellAll, withModel } from './open-model.ts';
import { refuseWithoutNextToken } from './task-of.ts';

export function generate(
  { prompts, options, ...source }: EngineRequest<'generate'>,
  context: EngineContext,
): Promise<Generation[]> {
  return withModel(source, context, async (model) => {
    refuseWithoutNextToken(model);
    tellAll(context, [...model.notices, ...tellFitted(prompts, model.tokenizer)]);
    const encoded = prompts.map((prompt) => promptTokens(prompt, model.tokenizer));
    const answerer = openAnswerer(model, encoded, options.maxNewTokens, context);
    try {
      return await answerer.answer(encoded, model, options);
    } finally {
      answerer.dispose();
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
    const encoded = [promptTokens(prompt, model.tokenizer)];
    const answerer = openAnswerer(model, encoded, options.maxNewTokens, context);
    try {
      // One loaded model gives both: with gates at 0 the adapters are off.
      const off = { ...model, gates: model.gates.map(() => 0) };
      const [base] = await answerer.answer(encoded, off, options);
      const [adapted] = await answerer.answer(encoded, model, options);
      if (!base || !adapted) throw new RangeError('one prompt has one answer');
      return { base, adapted };
    } finally {
      answerer.dispose();
    }
  });
}
