/** A prompt that is longer than the model's context is refused with the numbers, before anything is computed. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineEvent, Prompt } from '../../../../src/shared/contract/engine.ts';
import { exactMatches } from '../../../../src/main/engine/commands/exact-matches.ts';
import { compare, generate } from '../../../../src/main/engine/commands/generate.ts';
import { withModel } from '../../../../src/main/engine/commands/open-model.ts';
import type { Example } from '../../../../src/main/engine/dataset/example.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorikeet-long-prompts-'));
const plain = fixturePath('models/tiny-untied');
const model = join(folder, 'model');
const options = { maxNewTokens: 1, temperature: 0, seed: 0 };
const context = { emit: () => undefined, signal: new AbortController().signal };
const source = { model, adapters: [], precision: 'float32' as const };

beforeAll(() => {
  cpSync(plain, model, { recursive: true });
  writeFileSync(join(model, 'chat_template.jinja'), '('.repeat(100_000));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const long: Prompt = { kind: 'text', text: 'light '.repeat(2000) };
const templated: Prompt = { kind: 'chat', messages: [{ role: 'user', content: 'light' }] };

test.each([
  ['a text', long],
  ['a question in a template that writes much', templated],
])('%s', async (_, prompt) => {
  const began = performance.now();
  const problem = await problemOf(() =>
    generate({ ...source, prompts: [prompt], options }, context),
  );
  expect(problem.code).toBe('engine/prompt-too-long');
  expect(problem.what).toMatch(/has [\d,]+ tokens .* made for 512\./);
  expect(performance.now() - began).toBeLessThan(20_000);
});

test('compared answers are refused as well', async () => {
  const problem = await problemOf(() => compare({ ...source, prompt: long, options }, context));
  expect(problem.code).toBe('engine/prompt-too-long');
});

test('questions of an evaluation that are longer are left out, and that is told', async () => {
  const told: EngineEvent[] = [];
  const hearing = { ...context, emit: (event: EngineEvent) => told.push(event) };
  const examples: Example[] = [1000, 2000].map((times) => ({
    ...{ line: times, kind: 'completion' },
    prompt: 'light '.repeat(times),
    completion: 'on',
  }));
  const matches = await withModel({ ...source, model: plain }, context, (opened) =>
    exactMatches([{ model: opened, examples }], null, hearing),
  );
  expect(matches).toEqual([{ share: null, answers: 0 }]);
  expect(told).toMatchObject([
    {
      kind: 'notice',
      text: expect.stringMatching(/^2 questions are longer than the 512/) as string,
    },
  ]);
});

test('an answer whose cache no memory would hold is refused with the figures', async () => {
  const endless = { ...options, maxNewTokens: 1e10 };
  const short: Prompt = { kind: 'text', text: 'light' };
  const asked = { ...source, model: plain, prompts: [short], options: endless };
  const problem = await problemOf(() => generate(asked, context));
  expect(problem.code).toBe('engine/answer-too-long');
  expect(problem.what).toMatch(/10,000,0\d\d,\d+ tokens.* GiB/);
});
