/**
 * Greedy generation with the key/value cache: against the same model run anew for every token by transformers, and with an adapter
 * against the model that it is merged into.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { handlers } from '../../../../src/main/engine/commands/index.ts';
import type { AdapterSource, Prompt } from '../../../../src/shared/contract/engine.ts';
import { tinyModels, variantModels } from '../../../support/tiny-models.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';
import { fixturePath, readFixture } from './fixtures.ts';

const context = { emit: () => {}, signal: new AbortController().signal };
const fixture = z.object({ prompt: z.string(), text: z.string(), tokens: z.array(z.int()) });

const models = [...tinyModels, ...variantModels].map(({ model }) => model);

test.each([...models, 'tiny-llama3-rope'])('%s', async (model) => {
  const { prompt, text, tokens } = readFixture(`expected/${model}/generation.json`, fixture);
  const answers = await handlers.generate(
    {
      model: fixturePath(`models/${model}`),
      adapters: [],
      precision: 'float32',
      // The second prompt is longer: rows of a batch end at different places.
      prompts: [
        { kind: 'text', text: prompt },
        { kind: 'text', text: `${prompt} percent, and the kitchen light too` },
      ],
      options: { maxNewTokens: tokens.length, temperature: 0, seed: 0 },
    },
    context,
  );
  expect(answers.map((answer) => answer.tokens)[0]).toBe(tokens.length);
  expect(answers[0]?.text).toBe(text);
});

const compiled = tinyModels.map(({ model }) => model);

test.each(compiled)(
  '%s: a longer answer, decoded by compiled layers, begins the same',
  async (model) => {
    const { prompt, text, tokens } = readFixture(`expected/${model}/generation.json`, fixture);
    const [answer] = await handlers.generate(
      {
        model: fixturePath(`models/${model}`),
        adapters: [],
        precision: 'float32',
        prompts: [{ kind: 'text', text: prompt }],
        options: { maxNewTokens: 96, temperature: 0, seed: 0 },
      },
      context,
    );
    expect(answer?.tokens).toBeGreaterThan(tokens.length);
    // The last token may be the beginning of a character, and tell what it is only with the next one.
    const sure = text.replace(/\uFFFD+$/, '');
    expect(answer?.text.slice(0, sure.length)).toBe(sure);
  },
);

test.each(['dora', 'all-linear'])(
  'the adapter %s answers as the model it is merged into',
  async (name) => {
    const model = fixturePath('models/tiny-tied');
    const adapter = fixturePath(`adapters/${name}`);
    const merged = join(temporaryFolder(), 'merged');
    await handlers.merge({ model, adapter, output: merged, dtype: 'float32' }, context);
    const answer = async (path: string, adapters: AdapterSource[]) => {
      const options = { maxNewTokens: 16, temperature: 0, seed: 0 };
      const prompts: Prompt[] = [{ kind: 'text', text: 'Set the lamp' }];
      const asked = { model: path, adapters, precision: 'float32' as const, prompts, options };
      return (await handlers.generate(asked, context))[0]?.text;
    };
    const attached = await answer(model, [{ path: adapter, weight: 1 }]);
    // Along these answers the two likeliest tokens are 0.006 apart or more; `ofLogits` of logits up to 10 is 0.0001.
    expect(attached).toBe(await answer(merged, []));
    expect(attached).not.toBe(await answer(model, []));
  },
);
