/** The same prompts by adapters of several bases, with the real engine: each as by itself, each base loaded once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { answerHandlers } from '../../../src/main/features/answers.ts';
import type { StudioEvent } from '../../../src/shared/contract/events.ts';
import { fixtures, problemOf } from '../engine/checkpoint/fixtures.ts';
import { adapterPath, tinyModel } from '../engine/compose/parts.ts';
import { addFixture, openFixtureStudio } from './studio-of-fixtures.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-answers-'));
const events: StudioEvent[] = [];
const { studio } = openFixtureStudio(root, events);
const handlers = answerHandlers(studio);
const otherModel = join(fixtures, 'models/tiny-qwen2');

const layers = addFixture(studio, 'layers');
const other = addFixture(studio, 'tiny-qwen2', otherModel);
const regex = addFixture(studio, 'regex');
afterAll(async () => {
  await studio.close();
  rmSync(root, { recursive: true });
});

const prompts = ['say 3', 'say 4 and 5'];
const asked = { base: true, prompts, maxNewTokens: 6, temperature: 0 };

/** By a model that was opened for it alone. */
async function alone(model: string, name: string | null): Promise<string[]> {
  const answers = await studio.queries.call('generate', {
    ...{ model, precision: 'auto' },
    adapters: name === null ? [] : [{ path: adapterPath(name), weight: 1 }],
    prompts: prompts.map((content) => ({ kind: 'chat', messages: [{ role: 'user', content }] })),
    options: { maxNewTokens: 6, temperature: 0, seed: 0 },
  });
  return answers.map(({ text }) => text);
}

test('each adapter answers as by itself, beside its own base, which is loaded once', async () => {
  const { groups } = await handlers['answers.ask']({ ...asked, adapters: [layers, other, regex] });
  const told = groups.map(({ model, outcome }) => ({
    model,
    rows:
      outcome.kind === 'answered'
        ? outcome.rows.map(({ adapter, replies }) => [adapter, replies.map(({ text }) => text)])
        : null,
  }));
  expect(told).toEqual([
    {
      model: tinyModel,
      rows: [
        [null, await alone(tinyModel, null)],
        [layers, await alone(tinyModel, 'layers')],
        [regex, await alone(tinyModel, 'regex')],
      ],
    },
    {
      model: otherModel,
      rows: [
        [null, await alone(otherModel, null)],
        [other, await alone(otherModel, 'tiny-qwen2')],
      ],
    },
  ]);
  // Or one row could stand for another.
  const texts = told.flatMap(({ rows }) => (rows ?? []).map(([, each]) => JSON.stringify(each)));
  expect(new Set(texts).size).toBeGreaterThan(2);
  const loaded = events.filter(
    (event) =>
      event.kind === 'answers-progress' &&
      event.phase.endsWith('Reading weights') &&
      event.done === event.total,
  );
  expect(loaded).toMatchObject([
    { phase: 'Base 1 of 2: Reading weights' },
    { phase: 'Base 2 of 2: Reading weights' },
  ]);
  expect(events).toContainEqual({
    ...{ kind: 'answers-progress', phase: 'Base 1 of 2: Answering', done: 4, total: 6 },
  });
});

test('without the base there are the adapters alone', async () => {
  const { groups } = await handlers['answers.ask']({ ...asked, base: false, adapters: [regex] });
  expect(groups).toMatchObject([{ outcome: { rows: [{ adapter: regex }] } }]);
});

test('a base that is gone says so in its place, and the others answer', async () => {
  const lost = addFixture(studio, 'rslora', join(root, 'gone.gguf'));
  const { groups } = await handlers['answers.ask']({ ...asked, adapters: [lost, regex] });
  expect(groups).toMatchObject([
    { outcome: { kind: 'failed', adapters: [lost], problem: { code: 'checkpoint/not-found' } } },
    { outcome: { kind: 'answered' } },
  ]);
});

test('a stop ends it, whichever base is asked', async () => {
  const stopped = problemOf(() =>
    handlers['answers.ask']({ ...asked, maxNewTokens: 100, adapters: [layers, other] }),
  );
  await handlers['answers.stop']();
  expect((await stopped).code).toBe('engine/cancelled');
});
