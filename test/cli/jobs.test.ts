/** The commands at work on a tiny model: the files and lines that they leave. Those that are about a process have one of their own. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { mergeReport } from '../../src/shared/contract/merge-report.ts';
import { trainEstimate } from '../../src/shared/contract/estimates.ts';
import { healthPoint, stepPoint, type StepPoint } from '../../src/shared/contract/run-points.ts';
import { problem } from '../../src/shared/errors/problem.ts';
import { ofLogits } from '../main/engine/parity/bounds.ts';
import { relativeDifference } from '../main/engine/parity/difference.ts';
import { fixturePath, readFixture, readTensors } from '../main/engine/parity/fixtures.ts';
import { jsonLines, jsonOf, runCli, runHere, startCli } from './run-cli.ts';
import { unmeasured } from './short-run.ts';

const model = fixturePath('models/tiny-tied');
const done = z.looseObject({
  done: z.literal(true),
  stopped: z.boolean(),
  run: z.int(),
  adapter: z.string().nullable(),
  steps: z.int(),
  trainableParameters: z.int(),
  totalParameters: z.int(),
  peakMemoryBytes: z.int().positive(),
});

let folder = '';
let data = '';
const at = (name: string) => join(folder, name);
/** What is compared number by number; by itself a processor that multiplies bfloat16 does so. */
const exact = ['--precision', 'float32'];

const json = (...args: string[]) => jsonOf(at('home'), args);
const jsonOfProcess = (...args: string[]) => jsonOf(at('home'), args, runCli);

function stepsOf(lines: readonly unknown[]): StepPoint[] {
  return lines.flatMap((line) => stepPoint.safeParse(line).data ?? []);
}

function lossesOf(steps: readonly StepPoint[]): number[] {
  return steps.map(({ loss }) => loss);
}

function trainArguments(output: string, ...more: string[]): string[] {
  return argumentsOn(data, output, ...more);
}

function argumentsOn(file: string, output: string, ...more: string[]): string[] {
  const files = ['--model', model, '--data', file, '--output', at(output)];
  const size = ['--sequence-length', '64', '--batch-size', '2', '--warmup-steps', '1'];
  return ['train', ...files, ...size, '--learning-rate', '1e-2', ...unmeasured, ...more];
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-cli-'));
  data = at('data.jsonl');
  const lines = Array.from({ length: 24 }, (_, n) =>
    JSON.stringify({ prompt: `light ${n}`, completion: `{"n":${n}}` }),
  );
  writeFileSync(data, lines.join('\n'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('one job', () => {
  test('train tells each step, the validations and the end', async () => {
    const options = ['--max-steps', '8', '--rank', '4', '--validation-split', '0.2'];
    const lines = await jsonOfProcess(...trainArguments('adapter', ...options, '--name', 'first'));
    const steps = stepsOf(lines);
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    // That it learns; how fast is compared with PyTorch, loss by loss (parity/losses.test.ts).
    expect(steps.at(-1)?.loss).toBeLessThan(steps[0]?.loss ?? 0);
    const validation = z.object({ validation: z.object({ step: z.int(), loss: z.number() }) });
    expect(lines.some((line) => validation.safeParse(line).success)).toBe(true);
    const readings = lines.flatMap(
      (line) => z.object({ health: healthPoint }).safeParse(line).data ?? [],
    );
    expect(readings.map(({ health }) => health.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(readings.at(-1)?.health.modules).toHaveLength(3 * 7);
    // All seven modules of three layers: A [4, in] and B [out, 4].
    expect(done.parse(lines.at(-1))).toMatchObject({
      ...{ run: 1, steps: 8, stopped: false, adapter: at('adapter') },
      trainableParameters: 4 * 3 * (4 * 64 + 64 + 64 + 32 + 32 + 2 * (64 + 160) + 160 + 64),
    });
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  test('another process with the same seed does the same, bit for bit', async () => {
    const options = ['--max-steps', '6', '--rank', '4', '--dropout', '0.1'];
    const run = async (train: typeof json, name: string, seed = '5') => {
      const steps = stepsOf(await train(...trainArguments(name, ...options, '--seed', seed)));
      const figures = steps.map(({ loss, gradientNorm }) => [loss, gradientNorm]);
      return { figures, adapter: readFileSync(join(at(name), 'adapter_model.safetensors')) };
    };
    const first = await run(json, 'once');
    expect(first.figures).toHaveLength(6);
    expect(await run(jsonOfProcess, 'twice')).toEqual(first);
    expect((await run(json, 'other', '6')).figures).not.toEqual(first.figures);
  });

  test('a table with other columns trains as its lines do, and the mapping stays with the adapter', async () => {
    const table = at('data.csv');
    const rows = Array.from({ length: 24 }, (_, n) => `light ${n},"{""n"":${n}}"`);
    writeFileSync(table, ['asked,answered', ...rows].join('\n'));
    const short = ['--max-steps', '2', '--rank', '4'];
    const map = ['--map', 'prompt=asked,completion=answered'];
    const ofLines = stepsOf(await json(...trainArguments('lines', ...short)));
    const ofTable = stepsOf(await json(...argumentsOn(table, 'table', ...short, ...map)));
    expect(ofTable.map(({ loss }) => loss)).toEqual(ofLines.map(({ loss }) => loss));
    const record: unknown = JSON.parse(
      readFileSync(join(at('table'), 'lorikeet-training.json'), 'utf8'),
    );
    expect(record).toMatchObject({
      columns: [
        { name: 'asked', as: 'prompt' },
        { name: 'answered', as: 'completion' },
      ],
    });
  });

  test('runs lists it', async () => {
    const [run] = await json('runs');
    expect(run).toMatchObject({ id: 1, name: 'first', state: 'finished', step: 8 });
    expect(run).toMatchObject({ adapter: at('adapter') });
  });

  test('evaluate sees what was learnt', async () => {
    const result = z.object({ loss: z.number(), exactMatch: z.number(), examples: z.int() });
    const common = ['--model', model, '--data', data, '--generate', '--limit', '4'];
    const evaluate = async (weight: number) => {
      const adapter = ['--adapter', `${at('adapter')}=${weight}`];
      const [line] = await json('evaluate', ...common, '--sequence-length', '64', ...adapter);
      return result.parse(line);
    };
    // With weight 0 the base model answers alone.
    const before = await evaluate(0);
    const after = await evaluate(1);
    expect(after.loss).toBeLessThan(before.loss);
    expect(after.examples).toBe(4);
  });

  test('merge writes a model and its proof', async () => {
    const [line] = await json(
      ...['merge', '--model', model, '--adapter', at('adapter'), '--output', at('merged')],
      ...['--dtype', 'float32'],
    );
    const report = mergeReport.parse(line);
    expect(report).toMatchObject({ passed: true, dtype: 'float32', mergedModules: 21 });
    expect(readdirSync(at('merged'))).toContain('merge-report.json');
  });

  test('logits of the merged files are those of base + adapter', async () => {
    const logits = async (name: string, ...source: string[]) => {
      await json('logits', ...source, ...exact, '--tokens', '5,6,7,200', '--output', at(name));
      return readTensors(at(name)).get('logits') ?? [];
    };
    const adapted = await logits('a', '--model', model, '--adapter', at('adapter'));
    const merged = await logits('m', '--model', at('merged'));
    expect(merged.length).toBe(4 * 288);
    expect(relativeDifference(merged, adapted)).toBeLessThan(ofLogits);
  });

  test('generate answers a conversation from a file', async () => {
    writeFileSync(at('chat.json'), JSON.stringify([{ role: 'user', content: 'light 3' }]));
    const common = ['generate', '--model', model, '--max-new-tokens', '5'];
    const [fromFile] = await json(...common, '--messages', at('chat.json'));
    const [fromText] = await json(...common, '--prompt', 'light 3');
    const text = z.object({ text: z.string(), tokens: z.int() });
    expect(text.parse(fromFile)).toEqual(text.parse(fromText));
    // The nucleus of so little of the probability is the likeliest token alone.
    const drawn = ['--temperature', '9', '--prompt', 'light 3'];
    const [likeliest] = await json(...common, ...drawn, '--top-p', '1e-9');
    expect(text.parse(likeliest)).toEqual(text.parse(fromText));
    const [others] = await json(...common, ...drawn);
    expect(text.parse(others).text).not.toBe(text.parse(fromText).text);
  });
});

describe('a base that is held as it is asked for', () => {
  const held = () => ['--base', 'packed', '--max-steps', '2', '--rank', '4'];
  const blocks = fixturePath('gguf/tiny-untied.gguf');
  const ofBlocks = (output: string, ...more: string[]) => {
    const usual = trainArguments(output, ...more);
    return usual.toSpliced(usual.indexOf(model), 1, blocks);
  };

  test('is recorded with the run and beside the adapter, and told', async () => {
    const lines = await json(...ofBlocks('packed', ...held()));
    expect(lines).toContainEqual({
      notice: expect.stringMatching(/saves next to nothing/) as unknown,
    });
    const { run } = done.parse(lines.at(-1));
    const base = { form: 'packed', doubleQuant: false };
    expect(await json('runs')).toContainEqual(expect.objectContaining({ id: run, base }));
    const { base: recorded } = z
      .object({ base: z.string() })
      .parse(JSON.parse(readFileSync(join(at('packed'), 'lorikeet-training.json'), 'utf8')));
    expect(recorded).toBe('packed');
    const { stdout } = await runHere(at('home'), ['origin', at('packed')]);
    expect(stdout).toContain('base held: As in the file');
  });

  test('automatic is resolved beside the adapter', async () => {
    const lines = await json(...ofBlocks('automatic', '--max-steps', '1', '--rank', '4'));
    expect(lines).toContainEqual({
      notice: expect.stringMatching(/^Base in memory: Dense, which fits\./) as unknown,
    });
    const record: unknown = JSON.parse(
      readFileSync(join(at('automatic'), 'lorikeet-training.json'), 'utf8'),
    );
    expect(record).toMatchObject({ base: 'dense', doubleQuant: false });
  });

  test('learns and answers the same numbers as a dense one', async () => {
    const asked = [...ofBlocks('dense', ...held()), ...exact];
    const packed = stepsOf(await json(...asked.with(asked.indexOf(at('dense')), at('again'))));
    const dense = stepsOf(await json(...asked.with(asked.indexOf('packed'), 'dense')));
    expect(dense.map(({ loss }) => loss)).toHaveLength(2);
    expect(relativeDifference(lossesOf(packed), lossesOf(dense))).toBeLessThan(ofLogits);
    const logits = async (base: string) => {
      const source = ['--model', blocks, '--adapter', at('again'), ...exact, '--base', base];
      await json('logits', ...source, '--tokens', '5,6,7,200', '--output', at(`l-${base}`));
      return readTensors(at(`l-${base}`)).get('logits') ?? [];
    };
    expect(relativeDifference(await logits('packed'), await logits('dense'))).toBeLessThan(
      ofLogits,
    );
  });

  test('an adapter that learnt on rounded values is asked over these unless it is said otherwise', async () => {
    const nf4 = ['--base', 'nf4', '--double-quant'];
    await json(...trainArguments('nf4', '--max-steps', '1', '--rank', '4', ...exact, ...nf4));
    const record: unknown = JSON.parse(
      readFileSync(join(at('nf4'), 'lorikeet-training.json'), 'utf8'),
    );
    expect(record).toMatchObject({ base: 'nf4', doubleQuant: true });
    const logits = async (...how: string[]) => {
      const source = ['--model', model, '--adapter', at('nf4'), ...exact, ...how];
      await json('logits', ...source, '--tokens', '5,6,7,200', '--output', at('l-nf4'));
      return readTensors(at('l-nf4')).get('logits') ?? [];
    };
    const usual = await logits();
    // By itself the rounded values are held dense here, and packed where NF4 is asked for.
    expect(relativeDifference(await logits(...nf4), usual)).toBeLessThan(ofLogits);
    expect(relativeDifference(await logits('--base', 'dense'), usual)).toBeGreaterThan(ofLogits);
  });

  test('is named in the estimate', async () => {
    const [line] = await json(...ofBlocks('estimated', '--estimate', '--base', 'packed'));
    const base = { form: 'packed', doubleQuant: false };
    const { aboutBase, ...estimate } = trainEstimate.parse(line);
    expect(estimate).toMatchObject({ base });
    expect(aboutBase).toContainEqual(expect.stringMatching(/saves next to nothing/));
    const args = ofBlocks('estimated', '--estimate', '--base', 'packed');
    const { stdout, stderr } = await runHere(at('home'), args);
    expect(stdout).toMatch(/^ {2}base weights \(As in the file\) +.+B$/m);
    expect(stderr).toContain('saves next to nothing');
  });
});

describe('before a run', () => {
  const estimateArguments = (...more: string[]) => [
    ...trainArguments('estimated', '--epochs', '2', '--estimate', ...more),
  ];

  test('--estimate tells what it would need, and trains nothing', async () => {
    const runs = await json('runs');
    const lines = await json(...estimateArguments('--rank', '4'));
    expect(lines).toHaveLength(1);
    const { memory, ...figures } = trainEstimate.parse(lines[0]);
    expect(figures.base.form).toBe('dense');
    const { totalBytes, ...parts } = memory;
    expect(Object.values(parts).reduce((sum, part) => sum + part)).toBeCloseTo(totalBytes);
    expect(figures.freeMemoryBytes).toBeGreaterThan(0);
    expect(figures.trainableParameters).toBe(
      4 * 3 * (4 * 64 + 64 + 64 + 32 + 32 + 2 * (64 + 160) + 160 + 64),
    );
    expect(existsSync(at('estimated'))).toBe(false);
    expect(await json('runs')).toEqual(runs);
  });

  test('its steps are those of the run', async () => {
    const [line] = await json(...estimateArguments());
    const lines = await json(...trainArguments('counted', '--epochs', '2'));
    expect(done.parse(lines.at(-1)).steps).toBe(trainEstimate.parse(line).totalSteps);
  });

  test('for a person it is a table, and needs no --output', async () => {
    const args = ['train', '--model', model, '--data', data, '--sequence-length', '64'];
    const { code, stdout } = await runHere(at('home'), [...args, '--estimate']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Steps +\d+$/m);
    expect(stdout).toMatch(/^Memory at the peak +about .+B of .+B free$/m);
  });
});

test('variants train at once, each recorded and written as a run of its own', async () => {
  writeFileSync(at('variants.json'), '[{"rank": 4}, {"rank": 2, "max-steps": 2, "seed": 1}]');
  const lines = await json(
    ...trainArguments('variants', '--max-steps', '3', '--variants', at('variants.json')),
  );
  const line = z.object({ variant: z.int(), step: z.int(), loss: z.number() });
  const steps = lines.flatMap((each) => line.safeParse(each).data ?? []);
  expect(steps.map(({ variant, step }) => `${variant}/${step}`)).toEqual(
    ...[['1/1', '2/1', '1/2', '2/2', '1/3']],
  );
  const ends = lines.slice(-2).map((each) => done.parse(each));
  expect(ends).toMatchObject([
    { variant: 1, steps: 3, adapter: join(at('variants'), '1-rank-4') },
    { variant: 2, steps: 2, adapter: join(at('variants'), '2-rank-2-max-steps-2-seed-1') },
  ]);
  const runs = await json('runs');
  for (const { run, adapter } of ends) {
    expect(runs).toContainEqual(expect.objectContaining({ id: run, state: 'finished', adapter }));
  }
  const result = z.object({ loss: z.number() });
  const lossWith = async (adapter: string) => {
    const common = ['--model', model, '--data', data, '--sequence-length', '64', ...exact];
    const [found] = await json('evaluate', ...common, '--adapter', adapter);
    return result.parse(found).loss;
  };
  const [first = '', second = ''] = ends.map(({ adapter }) => adapter ?? '');
  const untrained = await lossWith(`${first}=0`);
  const trained = [await lossWith(first), await lossWith(second)];
  for (const loss of trained) expect(loss).toBeLessThan(untrained);
  expect(trained[0]).not.toBe(trained[1]);
});

test('of variants that are halved the worse ends with its adapter, and the better goes on under its number', async () => {
  writeFileSync(at('rates.json'), '[{"learning-rate": 1e-9}, {"learning-rate": 1e-2}]');
  const halved = ['--variants', at('rates.json'), '--halving', '--validation-split', '0.2'];
  const lines = await json(
    ...trainArguments('halved', '--max-steps', '4', '--validate-every', '1', ...halved),
  );
  const line = z.object({ variant: z.int(), step: z.int(), loss: z.number() });
  const steps = lines.flatMap((each) => line.safeParse(each).data ?? []);
  expect(steps.map(({ variant, step }) => `${variant}/${step}`)).toEqual(
    ...[['1/1', '2/1', '1/2', '2/2', '2/3', '2/4']],
  );
  expect(lines).toContainEqual({
    variant: 1,
    change: { step: 2, text: expect.stringContaining('successive halving') as unknown },
  });
  const ends = lines.slice(-2).map((each) => done.parse(each));
  expect(ends).toMatchObject([
    { variant: 1, steps: 2, stopped: true, adapter: join(at('halved'), '1-learning-rate-1e-9') },
    { variant: 2, steps: 4, stopped: false, adapter: join(at('halved'), '2-learning-rate-0-01') },
  ]);
  for (const { adapter } of ends) expect(existsSync(adapter ?? '')).toBe(true);
});

test('a variant that fails is named, and the others are written', async () => {
  writeFileSync(at('wild.json'), '[{"learning-rate": 1e30, "warmup-steps": 0}, {"rank": 2}]');
  const asked = trainArguments('wild', '--max-steps', '4', '--variants', at('wild.json'), '--json');
  const { code, stdout } = await runHere(at('home'), asked);
  expect(code).toBe(1);
  const lines = jsonLines(stdout);
  expect(lines.at(-2)).toMatchObject({ variant: 2, steps: 4 });
  expect(lines.at(-1)).toMatchObject({ variant: 1, error: { code: 'train/loss-not-finite' } });
});

test('the variants of LoRA are trained as they are asked for', async () => {
  const scaling = ['--rslora', '--dora', '--init', 'gaussian', '--lora-plus-ratio', '4'];
  const own = ['--rank-pattern', '{"q_proj": 2}', '--alpha-pattern', '{"v_proj": 32}'];
  await json(
    ...trainArguments('variant', '--max-steps', '1', '--rank', '4', ...scaling, ...own),
    ...['--keep', 'inputs', '--target-modules', 'q_proj,v_proj'],
  );
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(join(at('variant'), name), 'utf8'));
  expect(read('lorikeet-training.json')).toMatchObject({
    keep: 'inputs',
    lora: {
      ...{ useRslora: true, useDora: true, init: 'gaussian', loraPlusRatio: 4 },
      ...{ rankPattern: { q_proj: 2 }, alphaPattern: { v_proj: 32 } },
    },
  });
  expect(read('adapter_config.json')).toMatchObject({ r: 4, use_rslora: true, use_dora: true });
  const tensors = readTensors(join(at('variant'), 'adapter_model.safetensors'));
  const sizeOf = (end: string) => [...tensors].find(([name]) => name.endsWith(end))?.[1].length;
  expect(sizeOf('q_proj.lora_A.weight')).toBe(2 * 64);
  expect(sizeOf('v_proj.lora_A.weight')).toBe(4 * 64);
  expect(sizeOf('q_proj.lora_magnitude_vector')).toBe(64);
});

test('logits are those of transformers', async () => {
  const tokens = readFixture('expected/tiny-tied/tokens.json', z.array(z.int()));
  await json('logits', '--model', model, ...exact, '--tokens', tokens.join(), '--output', at('l'));
  const expected = readTensors('expected/tiny-tied/logits.safetensors').get('logits') ?? [];
  expect(relativeDifference(readTensors(at('l')).get('logits') ?? [], expected)).toBeLessThan(
    ofLogits,
  );
});

test('Ctrl-C stops after the step and writes the adapter', async () => {
  const cli = startCli(at('home'), [...trainArguments('stopped', '--max-steps', '5000'), '--json']);
  cli.onLine((line) => {
    if (stepPoint.safeParse(JSON.parse(line)).data?.step === 3) cli.process.kill('SIGINT');
  });
  const { code, stdout, stderr } = await cli.finished;
  expect(code, stderr).toBe(0);
  const end = done.parse(jsonLines(stdout).at(-1));
  expect(end).toMatchObject({ stopped: true, adapter: at('stopped') });
  expect(end.steps).toBeGreaterThanOrEqual(3);
  expect(end.steps).toBeLessThan(5000);
  expect(readdirSync(at('stopped'))).toContain('adapter_model.safetensors');
});

test('doctor shows the runtime and ends well', async () => {
  const [report] = await json('doctor');
  expect(report).toMatchObject({ tensorflow: '2.21.0', missing: [] });
});

describe('a failure ends with 1 and an error on stderr, and writes nothing', () => {
  test.each([
    [['--rank', '0'], 'lora/bad-rank'],
    [['--layers', '2-3'], 'lora/layers-out-of-range'],
    [['--output', join(tmpdir(), 'n'.repeat(250))], 'output/not-writable'],
    [['--rank', '65', '--estimate'], 'lora/bad-rank'],
    [['--model', 'nothing'], 'studio/not-found'],
    [['--base', 'int8', '--double-quant'], 'train/idle-setting'],
    [
      ['--model', fixturePath('gguf/tiny-untied.gguf'), '--base', 'nf4'],
      'checkpoint/quantised-already',
    ],
  ])('train %j', async (options, code) => {
    const usual = trainArguments('failed');
    const place = usual.indexOf(options[0] ?? '');
    const others = place < 0 ? usual : usual.toSpliced(place, 2);
    const args = [...others, ...options, '--json'];
    const found = await runHere(at('home'), args);
    expect({ code: found.code, stdout: found.stdout }).toEqual({ code: 1, stdout: '' });
    const line = found.stderr.split('\n').find((text) => text.startsWith('{"error"')) ?? '{}';
    const { error } = z.object({ error: problem }).parse(JSON.parse(line));
    expect(error.code).toBe(code);
    expect(existsSync(at('failed'))).toBe(false);
  });

  test('for a person: what, where, what to do next', async () => {
    const { code, stderr } = await runCli(at('home'), [
      ...['generate', '--model', model, '--messages', at('nothing.json')],
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: The file cannot be read/m);
    expect(stderr).toContain(`where: ${at('nothing.json')}`);
    expect(stderr).toMatch(/^next: {2}Check the path/m);
  });
});
