/** What the engine can be asked: one handler a command. */
import type { EngineContext, EngineHandlers } from '../../../shared/contract/engine.ts';
import { chat, endChat } from './chat.ts';
import { classify } from './classify.ts';
import { compose } from './compose.ts';
import { inspectDataFile } from './data.ts';
import { inspectDevice } from './device.ts';
import { estimate } from './estimate.ts';
import { evaluate } from './evaluate.ts';
import { evaluateTable } from './evaluate-table.ts';
import { compare, generate, generateVariants } from './generate.ts';
import { generateTable } from './generate-table.ts';
import { inspectAdapter } from './inspect-adapter.ts';
import { logits } from './logits.ts';
import { merge } from './merge.ts';
import { exportModel } from './export.ts';
import { inspectModel } from './model.ts';
import { originAt } from './origin.ts';
import { searchRate } from './search-rate.ts';
import { train, trainVariants } from './train.ts';

export const handlers: EngineHandlers = {
  'device.inspect': inspectDevice,
  'model.inspect': inspectModel,
  'data.inspect': inspectDataFile,
  train: alone(train),
  'train.variants': alone(trainVariants),
  'train.search': alone(searchRate),
  'train.estimate': alone(estimate),
  evaluate: alone(evaluate),
  'evaluate.table': alone(evaluateTable),
  classify: alone(classify),
  generate: alone(generate),
  'generate.variants': alone(generateVariants),
  'generate.table': alone(generateTable),
  chat,
  compare: alone(compare),
  logits: alone(logits),
  merge: alone(merge),
  export: alone(exportModel),
  compose: alone(compose),
  'adapter.inspect': inspectAdapter,
  'origin.read': originAt,
};

/** For what needs memory, or says how much there is: the model of a chat is given back first. */
function alone<R, T>(
  work: (request: R, context: EngineContext) => T,
): (request: R, context: EngineContext) => T {
  return (request, context) => {
    endChat();
    return work(request, context);
  };
}
