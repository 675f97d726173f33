/** A few held-out questions and what the model answers. */
import { promptOf } from '../../shared/prompt-of.ts';
import type { Columns } from '../../shared/settings/columns.ts';
import type { Work } from '../work.ts';

export type Asked = { prompt: string; wanted: string; answer: string };

const shown = 4;
const longest = 64;

/** The first held-out prompts, asked of the base model alone or with the adapter in the folder `adapter`. */
export async function heldOutAnswers(
  work: Work,
  { model, validation, columns }: { model: string; validation: string; columns: Columns },
  adapter: string | null,
): Promise<Asked[]> {
  const report = await work.call('data.inspect', {
    ...{ path: validation, columns, model: null, sequenceLength: 512 },
    held: { validation: { kind: 'none' }, seed: 0 },
    ...{ task: 'causal-lm', problem: 'auto', thinking: 'auto' },
  });
  const description = await work.call('model.inspect', { path: model });
  const examples = report.preview.slice(0, shown).map(({ given, learnt }) => ({
    prompt: given.map(({ text }) => text).join('\n'),
    wanted: learnt.text,
  }));
  const answers = await work.call('generate', {
    model,
    adapters: adapter === null ? [] : [{ path: adapter, weight: 1 }],
    precision: 'auto',
    prompts: examples.map(({ prompt }) => promptOf(prompt, description)),
    options: { maxNewTokens: longest, temperature: 0, seed: 0 },
  });
  return examples.map(({ prompt, wanted }, i) => {
    return { prompt, wanted, answer: answers[i]?.text ?? '' };
  });
}
