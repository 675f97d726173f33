/** `data.inspect`: what a data file holds, and how it looks in a model's tokens. */
import type { EngineRequest } from '../../../shared/contract/engine.ts';
import type { DataReport } from '../../../shared/contract/records.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { usualManner } from '../tokenizer/chat-manner.ts';
import { createTokenizer } from '../tokenizer/tokenizer.ts';
import { inspectData } from './inspect-data.ts';

export async function inspectDataFile(request: EngineRequest<'data.inspect'>): Promise<DataReport> {
  const { path, columns, model, sequenceLength, thinking = 'auto' } = request;
  const file = { path, columns };
  if (model === null) return inspectData(file, null, sequenceLength);
  const checkpoint = await openCheckpoint(model);
  try {
    const manner = { ...usualManner(), thinking };
    const tokenizer = createTokenizer(checkpoint.tokenizer, checkpoint.config, manner);
    return await inspectData(file, tokenizer, sequenceLength);
  } finally {
    checkpoint.close();
  }
}
