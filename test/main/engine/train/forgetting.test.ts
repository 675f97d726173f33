/** What a run has forgotten: a general text before and after, through the training's own program. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { evaluate } from '../../../../src/main/engine/commands/evaluate.ts';
import { train, trainVariants } from '../../../../src/main/engine/commands/train.ts';
import type { EngineContext, EngineEvent } from '../../../../src/shared/contract/engine.ts';
import type { Forgetting } from '../../../../src/shared/contract/records.ts';
import type {
  LoraSettings,
  TrainingConfig,
} from '../../../../src/shared/contract/training-config.ts';
import { problemOf, temporaryFolder } from '../checkpoint/fixtures.ts';
import { ofLoss } from '../parity/bounds.ts';
import { model, shortRun, type Changes } from './short-run.ts';

const own = new URL('../../../../resources/general-text/general-text.json', import.meta.url)
  .pathname;
type Told = { all: EngineEvent[]; forgetting: Forgetting[]; losses: number[] };

function hearing(): { told: Told; context: EngineContext } {
  const told: Told = { all: [], forgetting: [], losses: [] };
  const emit = (event: EngineEvent) => {
    told.all.push(event);
    if (event.kind === 'forgetting') told.forgetting.push(event.forgetting);
    if (event.kind === 'step') told.losses.push(event.point.loss);
  };
  return { told, context: { emit, signal: new AbortController().signal } };
}

async function trained(config: TrainingConfig, output: string): Promise<Told> {
  const { told, context } = hearing();
  await train({ config, output }, context);
  return told;
}

/** What `lorikeet evaluate` says of a file. */
async function evaluated(
  path: string,
  adapter: string | null,
): Promise<{ loss: number; tokens: number }> {
  const report = await evaluate(
    {
      ...{ model, precision: 'float32', data: { path, columns: [] } },
      adapters: adapter === null ? [] : [{ path: adapter, weight: 1 }],
      ...{ limit: null, answers: 0, sequenceLength: 512 },
    },
    hearing().context,
  );
  if (report.task !== 'causal-lm') throw new TypeError('expected answers');
  return report;
}

test('the losses are those that evaluation gives, of the base and of the adapter', async () => {
  const folder = temporaryFolder();
  const output = join(folder, 'adapter');
  // Every passage fits into a block, as there is nothing that evaluation would leave out.
  const { forgetting } = await trained(shortRun(folder, { sequenceLength: 512 }), output);
  const [before, after] = [await evaluated(own, null), await evaluated(own, output)];
  expect(forgetting.map(({ path, tokens }) => [path, tokens])).toEqual([
    [null, before.tokens],
    [null, before.tokens],
  ]);
  const [first, last] = forgetting;
  expect(first?.after).toBeNull();
  expect(last?.before).toBe(first?.before);
  expect(Math.abs((last?.before ?? NaN) / before.loss - 1)).toBeLessThan(ofLoss);
  expect(Math.abs((last?.after ?? NaN) / after.loss - 1)).toBeLessThan(ofLoss);
  // The adapter has learnt something, so that the two could be told apart.
  expect(Math.abs(after.loss - before.loss)).toBeGreaterThan(100 * ofLoss * before.loss);
});

/** A general text of two passages, written into `folder`. */
function shortText(folder: string): { kind: 'file'; path: string } {
  const path = join(folder, 'general.jsonl');
  const passages = ['the sea is calm today', 'two and two are four'];
  writeFileSync(path, passages.map((text) => JSON.stringify({ text })).join('\n'));
  return { kind: 'file', path };
}

/** The learning rate of the first step of a warm-up is 0, so B stays 0. */
const unlearnt = { duration: { kind: 'steps', steps: 1 }, warmupSteps: 5 } as const;

test.each<[string, Partial<LoraSettings>]>([
  ['plain', {}],
  ['Gaussian, rank-stabilised', { init: 'gaussian', useRslora: true }],
])('exactly nothing is forgotten with B = 0 (%s)', async (_, lora) => {
  const folder = temporaryFolder();
  const config = shortRun(folder, { lora, ...unlearnt, generalText: shortText(folder) });
  const { forgetting } = await trained(config, join(folder, 'adapter'));
  const last = forgetting.at(-1);
  expect(last?.after).toBe(last?.before);
});

test('with DoRA nothing but the rounding of a length by itself', async () => {
  const folder = temporaryFolder();
  const changes = { lora: { useDora: true }, ...unlearnt, generalText: shortText(folder) };
  const config = shortRun(folder, changes);
  const { forgetting } = await trained(config, join(folder, 'adapter'));
  const { before = NaN, after } = forgetting.at(-1) ?? {};
  expect(Math.abs((after ?? NaN) / before - 1)).toBeLessThan(ofLoss);
});

test('neither a loss nor a number of the adapter is another for it', async () => {
  const folder = temporaryFolder();
  const weights = (name: string) => readFileSync(join(folder, name, 'adapter_model.safetensors'));
  const dropout = { lora: { dropout: 0.2 } };
  const on = await trained(
    shortRun(folder, { ...dropout, generalText: shortText(folder) }),
    join(folder, 'on'),
  );
  const off = await trained(
    shortRun(folder, { ...dropout, generalText: { kind: 'off' } }),
    join(folder, 'off'),
  );
  expect(off.forgetting).toEqual([]);
  expect(on.forgetting).toHaveLength(2);
  expect(on.losses).toEqual(off.losses);
  expect(weights('on').equals(weights('off'))).toBe(true);
});

test('variants each have their own, and it is that of the adapter that is written', async () => {
  const folder = temporaryFolder();
  const general = shortText(folder);
  const shared: Changes = {
    generalText: general,
    // The second adapter gets worse on what it is validated on, so that its best is not its last.
    ...{ validation: general, validateEvery: 1 },
  };
  const variants = [{ learningRate: 1e-3 }, { learningRate: 3e-2, seed: 2 }].map((changes, i) => ({
    config: shortRun(folder, { ...shared, ...changes }),
    output: join(folder, String(i)),
  }));
  const { told, context } = hearing();
  const outcomes = await trainVariants({ variants }, context);
  const last = await Promise.all(
    variants.map(async ({ output }, i) => {
      const events = told.all.flatMap((event) =>
        event.kind === 'variant' && event.variant === i ? event.event : [],
      );
      const found = events.flatMap((event) =>
        event.kind === 'forgetting' ? event.forgetting : [],
      );
      expect(found.map(({ after }) => after === null)).toEqual([true, false]);
      const { loss } = await evaluated(general.path, output);
      expect(Math.abs((found[1]?.after ?? NaN) / loss - 1)).toBeLessThan(ofLoss);
      return found[1];
    }),
  );
  expect(last[0]?.before).toBe(last[1]?.before);
  expect(last[0]?.after).not.toBe(last[1]?.after);
  expect(outcomes[1]).toMatchObject({ result: { last: `${join(folder, '1')}-last` } });
});

test('a text is cut to the blocks of a run, not left out', async () => {
  const folder = temporaryFolder();
  const short = await trained(shortRun(folder, { sequenceLength: 32 }), join(folder, 'short'));
  const whole = await evaluated(own, null);
  expect(short.forgetting[0]?.tokens).toBe(whole.tokens);
});

test('a classifier has none, and refuses a text for it by name', async () => {
  const folder = temporaryFolder();
  const config = shortRun(folder, { task: 'sequence-classification' });
  writeFileSync(
    config.data,
    [0, 1, 0, 1]
      .map((n) => JSON.stringify({ text: `light ${n}`, label: n ? 'on' : 'off' }))
      .join('\n'),
  );
  expect((await trained(config, join(folder, 'one'))).forgetting).toEqual([]);
  const asked: TrainingConfig = { ...config, generalText: { kind: 'file', path: own } };
  const problem = await problemOf(() => trained(asked, join(folder, 'two')));
  expect(problem.code).toBe('train/idle-setting');
  expect(problem.what).toContain('Forgetting');
});
