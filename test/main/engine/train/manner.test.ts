/** An adapter is asked as it learnt: with its run's date, thinking or not. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { evaluate } from '../../../../src/main/engine/commands/evaluate.ts';
import { train } from '../../../../src/main/engine/commands/train.ts';
import { readTrainingRecord } from '../../../../src/main/engine/export/training-record.ts';
import type { EngineEvent, ModelSource } from '../../../../src/shared/contract/engine.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

const date = '2024-02-29';

/** Qwen3's template asks whether to think; here it writes the date as well. */
function datedModel(root: string): string {
  const model = join(root, 'model');
  cpSync(fixturePath('models/tiny-qwen3'), model, { recursive: true });
  const path = join(model, 'chat_template.jinja');
  writeFileSync(path, `{{ strftime_now('%d %b %Y') }}${readFileSync(path, 'utf8')}`);
  return model;
}

test('the run keeps both beside the adapter, and evaluation takes them from there', async () => {
  const root = temporaryFolder();
  const [model, data, adapter] = [datedModel(root), join(root, 'd.jsonl'), join(root, 'adapter')];
  const messages = [
    { role: 'user', content: 'light on' },
    { role: 'assistant', content: 'on', reasoning_content: 'It is off.' },
  ];
  writeFileSync(data, JSON.stringify({ messages }));
  const notices: string[] = [];
  const emit = (event: EngineEvent) => {
    if (event.kind === 'notice') notices.push(event.text);
  };
  const context = { emit, signal: new AbortController().signal };
  const config = {
    ...trainingDefaults,
    generalText: { kind: 'off' as const },
    ...{ name: '', model, data, validation: { kind: 'none' as const }, sequenceLength: 64 },
    ...{ duration: { kind: 'steps' as const, steps: 1 }, warmupSteps: 0 },
    precision: 'float32' as const,
  };
  await train({ config: { ...config, thinking: 'off', date }, output: adapter }, context);
  expect(notices).toEqual([
    expect.stringMatching(/^Base in memory: Dense/),
    expect.stringContaining(`it is given ${date}`),
    'Thinking is off: thoughts are left out of 1 answer.',
  ]);
  expect(readTrainingRecord(adapter)).toMatchObject({ thinking: 'off', date });

  const lossOf = async (how: Partial<ModelSource>) => {
    notices.length = 0;
    const adapters = [{ path: adapter, weight: 1 }];
    const request = { model, adapters, precision: 'float32' as const, ...how };
    const scored = await evaluate(
      {
        ...{ ...request, data: { path: data, columns: [] } },
        ...{ answers: 0, limit: null, sequenceLength: 64 },
      },
      context,
    );
    if (scored.task !== 'causal-lm') throw new Error('it was to answer');
    return [scored.loss, scored.tokens];
  };
  const learnt = await lossOf({});
  expect(notices[0]).toContain(`it is given ${date}`);
  const bare = { adapters: [{ path: adapter, weight: 0 }] };
  // The token "on" and the end of turn; a thought is many more.
  expect(learnt[1]).toBe(2);
  expect(await lossOf({ thinking: 'off', date })).toEqual(learnt);
  expect((await lossOf({ date: '2024-03-01' }))[0]).not.toBe(learnt[0]);
  expect((await lossOf({ thinking: 'on' }))[1]).toBeGreaterThan(10);
  expect(notices[0]).toBe('The adapter learnt with thinking off and is asked with on.');
  expect((await lossOf(bare))[1]).toBe(2);
  expect((await lossOf({ adapters: [] }))[1]).toBeGreaterThan(10);
});
