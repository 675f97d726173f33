/** What a person should know of a model's config.json is told by the commands that compute with the model. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EngineEvent } from '../../../../src/shared/contract/engine.ts';
import { readJsonObject } from '../../../../src/main/engine/checkpoint/json-file.ts';
import { logits } from '../../../../src/main/engine/commands/logits.ts';
import { fixtures, problemOf, temporaryFolder } from '../checkpoint/fixtures.ts';

test('a key of config.json that nobody knows', async () => {
  const folder = temporaryFolder();
  const model = join(folder, 'model');
  cpSync(join(fixtures, 'models/tiny-qwen3'), model, { recursive: true });
  const config = readJsonObject(join(model, 'config.json'));
  writeFileSync(join(model, 'config.json'), JSON.stringify({ ...config, swirl: 3 }));
  const events: EngineEvent[] = [];
  const context = {
    emit: (event: EngineEvent) => void events.push(event),
    signal: new AbortController().signal,
  };
  const output = join(folder, 'logits');
  const request = { model, adapters: [], precision: 'float32' as const, tokens: [5, 9], output };
  await logits(request, context);
  const notices = events.filter(({ kind }) => kind === 'notice');
  expect(notices).toEqual([{ kind: 'notice', text: expect.stringContaining('swirl') as string }]);
});

test('a folder in the place of the file to write is named as one', async () => {
  const output = temporaryFolder();
  const model = join(fixtures, 'models/tiny-qwen3');
  const request = { model, adapters: [], precision: 'float32' as const, tokens: [5, 9], output };
  const context = { emit: () => undefined, signal: new AbortController().signal };
  const problem = await problemOf(() => logits(request, context));
  expect(problem).toMatchObject({ code: 'output/not-writable', where: output });
  expect(problem.what).toContain('it is a folder, not a file');
});
