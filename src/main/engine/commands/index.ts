/** What the engine can be asked: one handler a command. */
import type { EngineHandlers } from '../../../shared/contract/engine.ts';
import { classify } from './classify.ts';
import { compose } from './compose.ts';
import { inspectDataFile } from './data.ts';
import { inspectDevice } from './device.ts';
import { estimate } from './estimate.ts';
import { evaluate } from './evaluate.ts';
import { evaluateTable } from './evaluate-table.ts';
import { compare, generate, generateVariants } from './generate.ts';
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
  train,
  'train.variants': trainVariants,
  'train.search': searchRate,
  'train.estimate': estimate,
  evaluate,
  'evaluate.table': evaluateTable,
  classify,
  generate,
  'generate.variants': generateVariants,
  compare,
  logits,
  merge,
  export: exportModel,
  compose,
  'adapter.inspect': inspectAdapter,
  'origin.read': originAt,
};
