/** Runs that start from saved adapters: they begin where these are, and what would be lost of them is refused. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';
import { writeSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-writer.ts';
import { estimate } from '../../../../src/main/engine/commands/estimate.ts';
import { evaluate } from '../../../../src/main/engine/commands/evaluate.ts';
import { inspectAdapter } from '../../../../src/main/engine/commands/inspect-adapter.ts';
import { trainVariants } from '../../../../src/main/engine/commands/train.ts';
import { fingerprintOf } from '../../../../src/main/engine/origin/fingerprint.ts';
import { readOrigin } from '../../../../src/main/engine/origin/origin-file.ts';
import { askedTo } from '../../../../src/shared/asked-end.ts';
import type { CheckpointPlace, EngineEvent } from '../../../../src/shared/contract/engine.ts';
import type {
  LoraSettings,
  TrainingConfig,
} from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { adapterPath, tinyModel } from '../compose/parts.ts';
import { ofLoss } from '../parity/bounds.ts';
import { relativeDifference } from '../parity/difference.ts';
import { fixturePath } from '../parity/fixtures.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-from-adapter-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

function linesIn(name: string, of: (n: number) => object): string {
  const path = join(root, name);
  const lines = Array.from({ length: 12 }, (_, n) => JSON.stringify(of(n)));
  writeFileSync(path, lines.join('\n'));
  return path;
}
const answers = linesIn('answers.jsonl', (n) => ({ prompt: `light ${n}`, completion: `n ${n}` }));
const texts = linesIn('texts.jsonl', (n) => ({ text: `the light is at ${n} of 9 now` }));
const labelled = linesIn('labelled.jsonl', (n) => ({
  text: `l ${n}`,
  label: n % 2 ? 'on' : 'off',
}));
const quiet = { emit: () => undefined, signal: new AbortController().signal };

type Changes = Partial<Omit<TrainingConfig, 'lora'>> & { lora?: Partial<LoraSettings> };

/** A run with the form of the adapter that it starts from; its steps move nothing that float32 could hold. */
async function configFrom(path: string, { lora, ...changes }: Changes = {}) {
  const model = changes.model ?? tinyModel;
  const start = await inspectAdapter({ model, path }, quiet);
  const config: TrainingConfig = {
    ...trainingDefaults,
    generalText: { kind: 'off' },
    ...{ name: '', data: answers, date: '2026-11-26', validation: { kind: 'file', path: answers } },
    ...{ duration: { kind: 'steps', steps: 1 }, batchSize: 2, sequenceLength: 64 },
    ...{ warmupSteps: 0, learningRate: 1e-30, precision: 'float32', fromAdapter: path },
    ...{ task: start.task, problem: start.problem },
    ...changes,
    model,
    lora: { ...trainingDefaults.lora, ...start.lora, ...lora },
  };
  return config;
}

let count = 0;

async function trained(
  configs: readonly TrainingConfig[],
  place: CheckpointPlace = {},
  signal = quiet.signal,
) {
  const folder = join(root, String((count += 1)));
  const events: EngineEvent[] = [];
  const variants = configs.map((config, i) => ({ config, output: join(folder, String(i)) }));
  const context = { signal, emit: (event: EngineEvent) => events.push(event) };
  const outcomes = await trainVariants({ variants, ...place }, context);
  const told = events.flatMap((event) =>
    event.kind === 'notice'
      ? [event.text]
      : event.kind === 'variant' && event.event.kind === 'notice'
        ? [event.event.text]
        : [],
  );
  const losses = events.flatMap((event) =>
    event.kind === 'variant' && event.event.kind === 'validation' ? [event.event.point.loss] : [],
  );
  return { outputs: variants.map(({ output }) => output), outcomes, told, losses };
}

const asked = (path: string, data = answers, model = tinyModel) =>
  evaluate(
    {
      ...{
        model,
        adapters: [{ path, weight: 1 }],
        precision: 'float32',
        limit: null,
        answers: null,
      },
      ...{ data: { path: data, columns: [] }, sequenceLength: 64, date: '2026-11-26' },
    },
    quiet,
  );

test.each(['all-linear', 'patterns', 'rslora', 'dora', 'pissa'])(
  '%s: the loss at the start is that of the adapter, which stays as it is to the bit',
  async (name) => {
    const path = adapterPath(name);
    const run = await trained([await configFrom(path)]);
    expect(run.told).toContain(
      `The run starts from the adapter in ${path}, with its numbers as they are.`,
    );
    // Two programs of the same function, which a GPU adds up in other orders.
    const [start = NaN] = run.losses.slice(-1);
    expect(relativeDifference([start], [(await asked(path)).loss])).toBeLessThan(ofLoss);
    const [output = ''] = run.outputs;
    expect(readAdapter(output).modules).toEqual(readAdapter(path).modules);
  },
);

test.each(['bfloat16', 'float16'] as const)(
  'an adapter in %s is taken over in its values',
  async (dtype) => {
    const path = join(root, dtype);
    cpSync(adapterPath('all-linear'), path, { recursive: true });
    const tensors = [...tensorsIn(adapterPath('all-linear'))];
    // The writer takes the place of no file.
    rmSync(join(path, 'adapter_model.safetensors'));
    await writeSafetensors(join(path, 'adapter_model.safetensors'), tensors, dtype);
    const [output = ''] = (await trained([await configFrom(path)])).outputs;
    const rounded = readAdapter(path).modules;
    expect(readAdapter(output).modules).toEqual(rounded);
    expect(rounded).not.toEqual(readAdapter(adapterPath('all-linear')).modules);
  },
);

function* tensorsIn(folder: string) {
  const file = openSafetensors(join(folder, 'adapter_model.safetensors'));
  for (const [name, { shape }] of file.tensors) {
    const values = file.read(name);
    yield { name, shape, values: () => values };
  }
  file.close();
}

test('variants start each from its own, and one from none', async () => {
  const [one, other] = [adapterPath('all-linear'), adapterPath('rslora')];
  const fresh = { ...(await configFrom(one)), fromAdapter: null };
  const run = await trained([await configFrom(one), await configFrom(other), fresh]);
  const [first = '', second = '', third = ''] = run.outputs;
  expect(readAdapter(first).modules).toEqual(readAdapter(one).modules);
  expect(readAdapter(second).modules).toEqual(readAdapter(other).modules);
  for (const { b } of readAdapter(third).modules.values())
    expect(b.every((value) => Math.abs(value) < 1e-20)).toBe(true);
});

test('a classifier goes on with its head; other labels are refused', async () => {
  const model = fixturePath('classifiers/tiny-bert/model');
  const path = fixturePath('classifiers/tiny-bert/adapter');
  const validation = { kind: 'file', path: labelled } as const;
  const config = await configFrom(path, { model, data: labelled, validation });
  const run = await trained([config]);
  const [output = ''] = run.outputs;
  expect(readAdapter(output).saved).toEqual(readAdapter(path).saved);
  expect(run.losses.at(-1)).toBe((await asked(path, labelled, model)).loss);
  const data = linesIn('other.jsonl', (n) => ({ text: `l ${n}`, label: n % 2 ? 'day' : 'night' }));
  const refused = await problemOf(() => trained([{ ...config, data }]));
  expect(refused).toMatchObject({ code: 'start/labels-differ', where: path });
  expect(refused.what).toContain('day');
});

test('what would be lost or cannot be meant is refused by name, also before a run', async () => {
  const path = adapterPath('all-linear');
  const targets = [{ module: 'q_proj', layers: 'all' as const }];
  const estimated = (changes: Changes) =>
    problemOf(async () => estimate({ configs: [await configFrom(path, changes)] }, quiet));
  const lost = await estimated({ lora: { targets } });
  expect(lost).toMatchObject({ code: 'start/targets-left-out', where: path });
  expect(lost.what).toContain('v_proj');
  expect(lost.what).not.toContain('q_proj');
  const init = await estimated({ lora: { init: 'pissa' } });
  expect(init).toMatchObject({ code: 'start/initialisation', where: path });
  expect(await estimated({ fromAdapter: join(root, 'none') })).toMatchObject({
    code: 'adapter/not-found',
  });
  const other = { model: fixturePath('models/tiny-untied'), fromAdapter: adapterPath('untied') };
  const wider = await configFrom(adapterPath('untied'), other);
  const wrong = await problemOf(() =>
    trained([{ ...wider, model: fixturePath('models/tiny-gpt2') }]),
  );
  expect(wrong.code).toBe('adapter/does-not-fit');
});

test('a base with other files than the adapter was made on is refused', async () => {
  const base = join(root, 'base');
  cpSync(tinyModel, base, { recursive: true });
  const learns = { learningRate: 1e-3, model: base };
  const first = await configFrom(adapterPath('all-linear'), learns);
  const [made = ''] = (await trained([first])).outputs;
  const config = join(base, 'config.json');
  writeFileSync(config, `${readFileSync(config, 'utf8')} `);
  const refused = await problemOf(async () => trained([await configFrom(made, learns)]));
  expect(refused).toMatchObject({ code: 'start/other-base', where: made });
});

test('two stages keep their chain, and the second begins where the first ended', async () => {
  const learns = { learningRate: 5e-3, duration: { kind: 'steps', steps: 3 } } as const;
  const onTexts = { data: texts, validation: { kind: 'file', path: texts } } as const;
  const fresh = { ...(await configFrom(adapterPath('all-linear'), learns)), ...onTexts };
  const [text = ''] = (await trained([{ ...fresh, fromAdapter: null }])).outputs;
  const config = await configFrom(text, learns);
  expect(config.lora).toMatchObject({ rank: 4, alpha: 8, targets: 'all-linear' });
  const wider = { ...config, lora: { ...config.lora, rank: 6, alpha: 12 } };
  const second = await trained([wider]);
  const [chat = ''] = second.outputs;
  const { sha256 } = await fingerprintOf(join(text, 'adapter_model.safetensors'));
  const before = readOrigin(text);
  expect(before).toMatchObject({ kind: 'training', startedFrom: null });
  expect(readOrigin(chat)).toMatchObject({
    ...{ kind: 'training', config: { fromAdapter: text } },
    startedFrom: { path: text, weight: 1, sha256, origin: before },
  });
  // Scaling 2 as before, so that not even B is rounded.
  expect(second.told.join()).toContain('brought to the rank and the scaling of this run without');
});

test('a run that was paused goes on without taking over anew, and refuses another adapter', async () => {
  const path = join(root, 'saved');
  cpSync(adapterPath('all-linear'), path, { recursive: true });
  const steps = { duration: { kind: 'steps', steps: 4 }, checkpointEvery: 2 } as const;
  const config = await configFrom(path, { ...steps, learningRate: 5e-3, validateEvery: 4 });
  const [whole = ''] = (await trained([config])).outputs;
  const checkpoints = join(root, 'checkpoints');
  const paused = new AbortController();
  const folder = join(root, 'paused');
  await trainVariants(
    { variants: [{ config, output: folder }], checkpoints },
    {
      signal: paused.signal,
      emit: (event) => {
        const own = event.kind === 'variant' ? event.event : event;
        if (own.kind === 'step' && own.point.step === 2) paused.abort(askedTo('pause', 'it'));
      },
    },
  );
  const resume = join(checkpoints, 'step-000002');
  const tensors = join(path, 'adapter_model.safetensors');
  const bytes = readFileSync(tensors);
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  writeFileSync(tensors, changed);
  const place = { checkpoints, resume };
  const refused = await problemOf(() => trained([config], place));
  expect(refused).toMatchObject({ code: 'resume/file-changed', where: path });
  writeFileSync(tensors, bytes);
  const again = await trained([config], place);
  const [output = ''] = again.outputs;
  expect(readAdapter(output).modules).toEqual(readAdapter(whole).modules);
  expect(again.told.join()).not.toContain('The run starts from');
});

test('an adapter that learnt on NF4 goes on over NF4, and is told of anything else', async () => {
  const path = join(root, 'on-nf4');
  const config = await configFrom(adapterPath('all-linear'), { learningRate: 1e-3, base: 'nf4' });
  const [made = ''] = (await trained([{ ...config, fromAdapter: null }])).outputs;
  cpSync(made, path, { recursive: true });
  const further = await configFrom(path);
  expect((await estimate({ configs: [further] }, quiet)).base.form).toBe('nf4');
  const dense = await trained([{ ...further, base: 'dense' }]);
  expect(dense.told.join()).toContain('learnt on other values of the base (NF4');
});
