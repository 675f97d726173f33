/** A model that has learnt a position for each place of a text is not asked for places behind the last one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { evaluate } from '../../../../src/main/engine/commands/evaluate.ts';
import { generate } from '../../../../src/main/engine/commands/generate.ts';
import { logits } from '../../../../src/main/engine/commands/logits.ts';
import { train } from '../../../../src/main/engine/commands/train.ts';
import { proofPrompts } from '../../../../src/main/engine/export/proof-prompts.ts';
import { createTokenizer } from '../../../../src/main/engine/tokenizer/tokenizer.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorikeet-positions-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const data = join(folder, 'data.jsonl');
writeFileSync(data, '{"prompt":"light","completion":"on"}\n'.repeat(4));
const context = { emit: () => undefined, signal: new AbortController().signal };
/** It has 96 positions. */
const model = fixturePath('models/tiny-gpt2');
const source = { model, adapters: [], precision: 'float32' as const };

const asked: [string, () => Promise<unknown>][] = [
  [
    'train',
    () => {
      const config = { ...trainingDefaults, name: '', model, data, sequenceLength: 97 };
      const request = { config: { ...config, validation: { kind: 'none' as const } } };
      return train({ ...request, output: join(folder, 'adapter') }, context);
    },
  ],
  [
    'evaluate',
    () => {
      const rest = { answers: 0, limit: null, sequenceLength: 97 };
      return evaluate({ ...source, data: { path: data, columns: [] }, ...rest }, context);
    },
  ],
  [
    'logits',
    () => {
      const tokens = Array.from({ length: 97 }, () => 5);
      return logits({ ...source, tokens, output: join(folder, 'logits') }, context);
    },
  ],
  [
    'generate',
    () => {
      const options = { maxNewTokens: 96, temperature: 0, seed: 0 };
      return generate({ ...source, prompts: [{ kind: 'text', text: 'light' }], options }, context);
    },
  ],
];

test.each(asked)('%s says how many positions there are', async (_, ask) => {
  const problem = await problemOf(ask);
  expect(problem.code).toBe('checkpoint/positions-end');
  expect(problem.what).toContain('96 positions');
});

test('a merge is proven on no more of a text than there are positions', async () => {
  const record = {
    ...trainingDefaults,
    name: '',
    model,
    data,
    validation: { kind: 'file', path: data },
  };
  writeFileSync(join(folder, 'lorikeet-training.json'), JSON.stringify(record));
  writeFileSync(data, JSON.stringify({ prompt: 'light '.repeat(200), completion: 'on' }));
  const checkpoint = await openCheckpoint(model);
  const { config } = checkpoint;
  const tokenizer = createTokenizer(checkpoint.tokenizer, config);
  checkpoint.close();
  const [prompt = []] = await proofPrompts(folder, { config, tokenizer }, context);
  expect(prompt).toHaveLength(96);
});
