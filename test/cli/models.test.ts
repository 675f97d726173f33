/** `lorikeet models`: what is in the library and on this computer, whether it fits, and what keeps the rest from being trained. */
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../main/engine/checkpoint/fixtures.ts';
import { configOf, copied, filesOf, ggufOf, hubRepository } from '../support/model-places.ts';
import { jsonOf } from './run-cli.ts';

test('models of other programs are listed with what they are, and added to nothing', async () => {
  const home = temporaryFolder();
  vi.stubEnv('HF_HUB_CACHE', join(home, 'hub'));
  vi.stubEnv('LLAMA_CACHE', join(home, 'llama'));
  vi.stubEnv('OLLAMA_MODELS', join(home, 'ollama'));
  vi.stubEnv('HOME', home);
  // The starter model lies there.
  vi.stubEnv('LORIKEET_CACHE', join(home, 'cache'));
  copied(ggufOf('tiny-qwen3'), join(home, 'llama/tiny.gguf'));
  const awq = configOf('tiny-tied', { quantization_config: { quant_method: 'awq' } });
  hubRepository(
    join(home, 'hub'),
    'org/awq',
    'a'.repeat(40),
    filesOf('tiny-tied', { 'config.json': awq }),
  );
  const lines = await jsonOf(join(home, 'data'), ['models']);
  expect(lines).toMatchObject([
    {
      ...{ from: 'hugging-face', name: 'org/awq' },
      problem: { code: 'checkpoint/quantised-otherwise' },
    },
    {
      ...{ from: 'llama-cpp', name: 'tiny', architecture: 'qwen3', storedAs: ['F32'] },
      memory: { form: 'dense' },
    },
  ]);
});
