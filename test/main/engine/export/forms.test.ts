/** The `export` command: each form with its proof, and what is refused; nothing half-written. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EngineEvent } from '../../../../src/shared/contract/engine.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { readOrigin } from '../../../../src/main/engine/origin/origin-file.ts';
import { problemOf, temporaryFolder } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';
import { exported, tinyAdapter, tinyModel } from './exported.ts';

const tied = tinyModel('tiny-tied');

test('a GGUF file passes its proof, and says what it was made of', async () => {
  const adapters = [tinyAdapter('all-linear')];
  const { report, events } = await exported({ model: tied, adapters, to: 'gguf' });
  expect(report).toMatchObject({ passed: true, failures: [], type: 'F16', mergedModules: 21 });
  expect(report.answers?.meanKl).toBeLessThan(1e-4);
  expect(report.answers?.checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['meanKl', 'tokenizer', 'chatTemplate']),
  );
  expect(report.tensors?.types.map(({ type }) => type)).toEqual(['F16', 'F32']);
  // Rounding to 16 bits loses next to nothing of what the adapter changes.
  expect(report.tensors?.change?.share).toBeCloseTo(1, 2);
  expect(readOrigin(report.output)).toMatchObject({
    ...{ kind: 'export', to: 'gguf', type: 'F16' },
    parts: [{ path: adapters[0]?.path, weight: 1 }],
  });
  expect(events.filter(({ kind }) => kind === 'progress').length).toBeGreaterThan(10);
});

test('a GGUF base keeps what its own file says, but for how its tensors are stored', async () => {
  const model = fixturePath('gguf/tiny-qwen3.gguf');
  const { report } = await exported({ model, to: 'gguf', type: 'Q8_0' });
  const [before, after] = await Promise.all([openCheckpoint(model), openCheckpoint(report.output)]);
  const pairs = { before: before.ggufPairs?.(), after: after.ggufPairs?.() };
  before.close();
  after.close();
  const added = new Map(pairs.after);
  expect(added.get('general.file_type')).toEqual({ type: 'uint32', value: 7 });
  for (const [key, value] of pairs.before ?? []) {
    if (!/file_type|quantization_version/.test(key))
      expect([key, added.get(key)]).toEqual([key, value]);
  }
});

test('one PEFT adapter is what it was; several are their sum', async () => {
  const one = await exported({ model: tied, adapters: [tinyAdapter('rslora')], to: 'peft' });
  const [was, is] = [readAdapter(tinyAdapter('rslora').path), readAdapter(one.report.output)];
  expect(is.modules).toEqual(was.modules);
  expect(one.report).toMatchObject({ passed: true, type: null });
  const adapters = [tinyAdapter('all-linear', 0.7), tinyAdapter('rslora', -0.3)];
  const blend = await exported({ model: tied, adapters, to: 'peft' });
  expect(blend.report).toMatchObject({ passed: true, failures: [] });
  const ranks = [...readAdapter(blend.report.output).modules.values()].map(({ rank }) => rank);
  expect(Math.max(...ranks)).toBe(
    Math.max(...[...was.modules.values()].map(({ rank }) => rank)) +
      Math.max(
        ...[...readAdapter(tinyAdapter('all-linear').path).modules.values()].map((m) => m.rank),
      ),
  );
});

test('DoRA as a GGUF adapter is brought near by SVD, and by how much is told', async () => {
  const adapters = [tinyAdapter('dora')];
  const { report } = await exported({ model: tied, adapters, to: 'gguf-adapter' });
  const { relativeError = 0, worst } = report.approximation ?? {};
  // At 40 % the nearest adapter has 84 % of the change.
  expect(report.passed).toBe(1 - relativeError ** 2 >= 0.9);
  expect(report.failures.join()).toMatch(/Only 8\d\.\d % of what DoRA changes/);
  expect(relativeError).toBeGreaterThan(0.01);
  expect(relativeError).toBeLessThan(1);
  expect(worst?.relativeError).toBeGreaterThanOrEqual(relativeError);
});

test('for Ollama: the file, and a Modelfile with the template and where answers end', async () => {
  const { report } = await exported({ model: tied, to: 'ollama', type: 'F32' });
  expect(report.files.map(({ name }) => name)).toEqual(['Modelfile', 'model.gguf']);
  const modelfile = readFileSync(join(report.output, 'Modelfile'), 'utf8');
  expect(modelfile).toContain('FROM ./model.gguf');
  expect(modelfile).toContain('TEMPLATE """');
  expect(modelfile).toContain('PARAMETER stop "<|im_end|>"');
});

describe('a type with too few bits for the change', () => {
  // Its matrices lie on the grid of Q4_1 already, and a small change moves few of them to the next step.
  const asked = async () => {
    const { report } = await exported({ model: tied, to: 'gguf', type: 'Q4_1' });
    const adapters = [tinyAdapter('all-linear', 0.001)];
    return { model: report.output, adapters, to: 'gguf', type: 'Q4_1' } as const;
  };

  test('is refused before anything is written, with the share that would be left', async () => {
    const output = join(temporaryFolder(), 'out');
    const before = await asked();
    const problem = await problemOf(() => exported({ ...before, output }));
    expect(problem).toMatchObject({ code: 'export/loses-adapter', where: before.model });
    expect(problem.what).toMatch(/^As Q4_1 the file would hold only \d\.\d % ± \d\.\d % of what/);
    expect(existsSync(output)).toBe(false);
  });

  test('is written where it is forced, and the report says what is left', async () => {
    const { report } = await exported({ ...(await asked()), force: true });
    const { share = NaN, deviation = NaN } = report.tensors?.change ?? {};
    expect(share + 4 * deviation).toBeLessThan(0.5);
    expect(report.passed).toBe(false);
    expect(report.failures.join()).toMatch(/of what the adapter changes is in the file/);
  });

  test.each(['Q8_0', 'F16'])('is none where %s is written', async (type) => {
    const { report } = await exported({ ...(await asked()), type });
    expect(report).toMatchObject({ passed: true, failures: [] });
  });
});

test('experts of several ranks are a PEFT adapter that PEFT does not load, which is told', async () => {
  const adapters = [tinyAdapter('tiny-qwen3-moe-experts-own')];
  const { report } = await exported({ model: tinyModel('tiny-qwen3-moe'), adapters, to: 'peft' });
  expect(report.passed).toBe(false);
  expect(report.failures.join()).toMatch(/PEFT gives all experts the rank/);
});

test("a classifier's adapter keeps its head", async () => {
  const folder = fixturePath('classifiers/tiny-bert');
  const adapters = [{ path: `${folder}/adapter`, weight: 1 }];
  const { report } = await exported({ model: `${folder}/model`, adapters, to: 'peft' });
  expect(report).toMatchObject({ passed: true, failures: [], answers: null });
});

test("programs that do not keep to Phi-3's window are named", async () => {
  const { report } = await exported({ model: tinyModel('tiny-phi3'), to: 'gguf', type: 'F32' });
  expect(report.notices.join()).toMatch(/llama\.cpp does not keep to the window/);
});

describe('refused', () => {
  const output = () => join(temporaryFolder(), 'out');
  const refusals: Record<string, () => Promise<unknown>> = {
    'export/unknown-type': () => exported({ model: tied, to: 'gguf', type: 'Q3_K_M' }),
    'export/not-in-gguf': () => exported({ model: tinyModel('tiny-gemma2'), to: 'gguf' }),
    'export/no-gguf-family': () =>
      exported({ model: fixturePath('classifiers/tiny-bert/model'), to: 'gguf' }),
    'compose/no-adapters': () => exported({ model: tied, to: 'peft' }),
    'compose/all-weights-zero': () =>
      exported({ model: tied, adapters: [tinyAdapter('rslora', 0)], to: 'peft' }),
    'compose/dora-not-exact': () =>
      exported({ model: tied, adapters: [tinyAdapter('dora', 0.5)], to: 'gguf' }),
    'adapter/does-not-fit': () =>
      exported({ model: tied, adapters: [tinyAdapter('tiny-gpt2')], to: 'gguf' }),
  };
  test.each(Object.entries(refusals))('%s', async (code, ask) => {
    expect((await problemOf(ask)).code).toBe(code);
  });

  test('a neighbour that is there is left alone, too', async () => {
    const path = output();
    writeFileSync(`${path}.origin.json`, 'mine');
    const problem = await problemOf(() => exported({ model: tied, to: 'gguf', output: path }));
    expect(problem).toMatchObject({ code: 'output/exists', where: `${path}.origin.json` });
  });

  test('a file that is there is left alone', async () => {
    const path = output();
    writeFileSync(path, 'mine');
    const problem = await problemOf(() => exported({ model: tied, to: 'gguf', output: path }));
    expect(problem.code).toBe('output/exists');
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  test.each(['gguf', 'huggingface'] as const)(
    'stopped while tensors are written, %s leaves nothing',
    async (to) => {
      const path = output();
      const stop = new AbortController();
      let told = 0;
      const onEvent = (event: EngineEvent) => {
        if (event.kind === 'progress' && event.phase === 'Merging and writing') {
          told += 1;
          stop.abort();
        }
      };
      const asked = { model: tied, adapters: [tinyAdapter('rslora')], to, output: path };
      const problem = await problemOf(() => exported(asked, stop.signal, onEvent));
      expect(problem.code).toBe('engine/cancelled');
      // Not one tensor more than that after which it was stopped.
      expect(told).toBe(1);
      expect(readdirSync(join(path, '..'))).toEqual([]);
    },
  );

  test('a cancelled export leaves nothing', async () => {
    const path = output();
    const cancelled = AbortSignal.abort();
    const problem = await problemOf(() =>
      exported(
        { model: tied, adapters: [tinyAdapter('rslora')], to: 'gguf', output: path },
        cancelled,
      ),
    );
    expect(problem.code).toBe('engine/cancelled');
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });
});
