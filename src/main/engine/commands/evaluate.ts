/** `evaluate`: loss on a data file, and the figures of the task: how many answers are exactly right, how well texts are told apart. */
import type {
  EngineContext,
  EngineRequest,
  EngineResponse,
} from '../../../shared/contract/engine.ts';
import { evaluateCells } from './evaluate-cells.ts';
import { withModel } from './open-model.ts';

export function evaluate(
  request: EngineRequest<'evaluate'>,
  context: EngineContext,
): Promise<EngineResponse<'evaluate'>> {
  return withModel(request, context, async (model) => {
    const [report] = await evaluateCells([{ model, file: request.data }], request, context);
    if (!report) throw new RangeError('one cell has one report');
    return report;
  });
}
