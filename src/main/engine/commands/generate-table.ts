/** `generate.table`: the same prompts answered by each adapter by itself over one loaded base, and by the base alone. */
import type {
  EngineContext,
  EngineRequest,
  EngineResponse,
} from '../../../shared/contract/engine.ts';
import { promptTokens } from '../batch/encode.ts';
import { tellFitted } from '../batch/tell-fitted.ts';
import { openAnswerer } from './answerer.ts';
import { tellAll, withBase } from './open-model.ts';
import { refuseLongPrompts } from './refuse-long-prompts.ts';
import { tableRows } from './table-rows.ts';
import { refuseWithoutNextToken } from './task-of.ts';

/** Each row is asked in the manner of its own run. Errors: those of `generate`. */
export function generateTable(
  { adapters, prompts, options, ...source }: EngineRequest<'generate.table'>,
  context: EngineContext,
): Promise<EngineResponse<'generate.table'>> {
  const alone = { ...source, adapters: adapters.map((path) => ({ path, weight: 1 })) };
  return withBase(alone, context, async (base) => {
    refuseWithoutNextToken(base);
    const rows = tableRows(base, alone, context).map(({ model }) => ({
      model,
      asked: prompts.map((prompt) => promptTokens(prompt, model.tokenizer)),
    }));
    const told = rows.flatMap(({ model }) => [
      ...model.notices,
      ...tellFitted(prompts, model.tokenizer),
    ]);
    tellAll(context, [...new Set(told)]);
    const all = rows.flatMap(({ asked }) => asked);
    refuseLongPrompts(base, all);
    const [first] = rows;
    if (first === undefined) return [];
    const { maxNewTokens } = options;
    const answerer = openAnswerer(first.model, all, maxNewTokens, context, prompts.length);
    try {
      const answers: EngineResponse<'generate.table'> = [];
      for (const { model, asked } of rows)
        answers.push(await answerer.answer(asked, model, options));
      return answers;
    } finally {
      answerer.dispose();
    }
  });
}
