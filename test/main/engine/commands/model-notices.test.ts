/** What a person should know of a model's config.json is told by the commands that compute with the model. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EngineEvent } from '../../../../src/shared/contract/engine.ts';
import { readJsonObject } from '../../../../src/main/engine/checkpoint/json-file.ts';
import { endChat } from '../../../../src/main/engine/commands/chat.ts';
import { handlers } from '../../../../src/main/engine/commands/index.ts';
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

test('settings of generation_config.json that answers do without, wherever it answers', async () => {
  const model = join(temporaryFolder(), 'model');
  cpSync(join(fixtures, 'models/tiny-qwen3'), model, { recursive: true });
  const path = join(model, 'generation_config.json');
  writeFileSync(path, JSON.stringify({ repetition_penalty: 1.1 }));
  const told: EngineEvent[] = [];
  const context = {
    emit: (event: EngineEvent) => void (event.kind === 'notice' && told.push(event)),
    signal: new AbortController().signal,
  };
  const prompt = { kind: 'text' as const, text: 'a' };
  const asked = { model, adapters: [], precision: 'float32' as const };
  const options = { maxNewTokens: 1, temperature: 0, seed: 0, topP: 1 };
  await handlers.generate({ ...asked, prompts: [prompt], options }, context);
  const columns = [{ adapters: [], prompt }];
  // Once as long as the model stays loaded.
  for (let i = 0; i < 2; i++)
    await handlers.chat({ ...asked, columns, nearby: [], options }, context);
  endChat();
  const text = expect.stringContaining('do without: repetition_penalty 1.1') as string;
  expect(told).toEqual([1, 2].map(() => ({ kind: 'notice', text })));
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
