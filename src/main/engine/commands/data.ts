/** `data.inspect`: what a data file holds for a task, and how it looks in a model's tokens. */
import type { EngineRequest } from '../../../shared/contract/engine.ts';
import type { DataReport } from '../../../shared/contract/data-report.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { usualManner } from '../tokenizer/chat-manner.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import { answers } from './inspect-answers.ts';
import { inspectData } from './inspect-data.ts';
import { labelledTexts } from './inspect-labelled.ts';

export async function inspectDataFile(request: EngineRequest<'data.inspect'>): Promise<DataReport> {
  const { path, columns, task, problem, model, sequenceLength, thinking, held } = request;
  const file = { path, columns };
  const inspect = (tokenizer: Tokenizer | null, most = Infinity): Promise<DataReport> => {
    if (task === 'causal-lm')
      return inspectData(file, answers, { tokenizer, longest: sequenceLength, held });
    const longest = Math.min(sequenceLength, most);
    return inspectData(file, labelledTexts(problem), { tokenizer, longest, held });
  };
  if (model === null) return inspect(null);
  const checkpoint = await openCheckpoint(model);
  try {
    const { config, tokenizer } = checkpoint;
    const manner = { ...usualManner(), thinking };
    return await inspect(createTokenizer(tokenizer, config, manner), config.maxPositionEmbeddings);
  } finally {
    checkpoint.close();
  }
}
