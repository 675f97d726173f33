/** Adapters that PEFT saved, what they do to the base weights, and what is written back. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import type { Adapter } from '../../../../src/main/engine/checkpoint/adapter.ts';
import { checkAdapterFits } from '../../../../src/main/engine/checkpoint/adapter-fit.ts';
import { readAdapter, writeAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { expertsApart } from '../../../../src/main/engine/checkpoint/stacked-adapters.ts';
import { linearPaths } from '../../../../src/main/engine/model/architecture.ts';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';
import type { JsonObject } from '../../../../src/main/engine/model/family.ts';
import { parseArchitecture } from '../../../../src/main/engine/model/families/index.ts';
import { fixtures, problemOf, temporaryFolder } from './fixtures.ts';
import { gamma } from '../../../support/rounding.ts';

const adapters = join(fixtures, 'adapters');
const names = readdirSync(adapters);

function configOf(folder: string): Record<string, unknown> {
  const text = readFileSync(join(folder, 'adapter_config.json'), 'utf8');
  return JSON.parse(text) as Record<string, unknown>;
}

/** W + scaling · B·A in double precision. */
function merged(weight: Float32Array, adapter: Adapter, path: string): number[] {
  const module = adapter.modules.get(path);
  if (module === undefined) throw new Error(`no adapter on ${path}`);
  const { a, b, rank, scaling, in: inputs } = module;
  return Array.from(weight, (value, i) => {
    const row = Math.floor(i / inputs);
    let sum = 0;
    for (let k = 0; k < rank; k++) {
      sum += (b[row * rank + k] ?? NaN) * (a[k * inputs + (i % inputs)] ?? NaN);
    }
    return value + scaling * sum;
  });
}

test.each(['all-linear', 'patterns', 'rslora'])(
  '%s: W + scaling · B·A is what PEFT merges',
  async (name) => {
    const adapter = readAdapter(join(adapters, name));
    const base = await openCheckpoint(join(fixtures, 'models/tiny-tied'));
    const expected = openSafetensors(join(fixtures, `expected/adapter-${name}/logits.safetensors`));
    const weights = [...expected.tensors.keys()].filter((key) => key.endsWith('_proj.weight'));
    expect(weights.length).toBeGreaterThan(0);
    for (const key of weights) {
      const found = merged(base.read(key), adapter, key.replace(/\.weight$/, ''));
      const values = expected.read(key);
      const error = values.map((value, i) => Math.abs(value - (found[i] ?? NaN)));
      // PEFT adds W and up to 8 products of a size with it in float32; here they are added in float64.
      const largest = Math.max(...values.map(Math.abs));
      expect(Math.max(...error)).toBeLessThan(2 * gamma(8 + 2) * largest);
    }
    base.close();
    expected.close();
  },
);

test('patterns give ranks and alphas of their own', () => {
  const { modules } = readAdapter(join(adapters, 'patterns'));
  const of = (path: string): unknown[] => {
    const module = modules.get(`model.layers.${path}`);
    return [module?.rank, module?.alpha, module?.scaling];
  };
  expect(of('1.mlp.down_proj')).toEqual([6, 8, 8 / 6]);
  expect(of('0.mlp.down_proj')).toEqual([4, 8, 2]);
  expect(of('2.self_attn.q_proj')).toEqual([2, 3, 1.5]);
  expect(of('2.self_attn.v_proj')).toEqual([4, 5, 1.25]);
});

test('rsLoRA divides by the root of the rank', () => {
  const adapter = readAdapter(join(adapters, 'rslora'));
  expect(adapter.useRslora).toBe(true);
  expect([...adapter.modules.values()].map((module) => module.scaling)).toEqual(
    Array.from({ length: 6 }, () => 4),
  );
});

/** A tiny model, and what is known of it where an adapter is written. */
function baseOf(model: string) {
  const path = join(fixtures, 'models', model, 'config.json');
  const architecture = parseArchitecture(
    JSON.parse(readFileSync(path, 'utf8')) as JsonObject,
    path,
  );
  const { config, linears } = architecture;
  return { architecture, written: { layers: config.numHiddenLayers, linears } };
}

/** Of the tied tiny model. */
const base = { layers: 3, linears: [] };

describe('written', () => {
  test.each(names)('%s reads back as it was', async (name) => {
    const { stacked, ...read } = readAdapter(join(adapters, name));
    const { architecture, written } = baseOf(read.baseModel ?? '');
    const adapter = expertsApart(read, stacked, architecture, name);
    const folder = temporaryFolder();
    await writeAdapter(folder, adapter, written);
    const { stacked: none, ...again } = readAdapter(folder, {
      linears: linearPaths(architecture),
      all: linearPaths(architecture),
    });
    expect(none.size).toBe(0);
    expect([...again.modules.keys()].sort()).toEqual([...adapter.modules.keys()].sort());
    expect(again).toEqual(adapter);
  });

  test('the version of the base that it names stays beside the name', async () => {
    const source = temporaryFolder();
    cpSync(join(adapters, 'untied'), source, { recursive: true });
    const named = { base_model_name_or_path: 'org/model', revision: 'abc' };
    const config = JSON.stringify({ ...configOf(source), ...named });
    writeFileSync(join(source, 'adapter_config.json'), config);
    const folder = temporaryFolder();
    await writeAdapter(folder, readAdapter(source), null);
    expect(configOf(folder)).toMatchObject(named);
  });

  test('a grid is named shortly, with layers only where they are not all', async () => {
    const folder = temporaryFolder();
    await writeAdapter(folder, readAdapter(join(adapters, 'layers')), base);
    expect(configOf(folder)).toMatchObject({
      peft_type: 'LORA',
      task_type: 'CAUSAL_LM',
      r: 3,
      lora_alpha: 6,
      target_modules: ['gate_proj', 'q_proj', 'v_proj'],
      layers_to_transform: [0, 2],
    });
    const all = temporaryFolder();
    await writeAdapter(all, readAdapter(join(adapters, 'all-linear')), base);
    expect(configOf(all)['layers_to_transform']).toBeNull();
    // Without the model's number of layers nobody knows that three are all.
    const unknown = temporaryFolder();
    await writeAdapter(unknown, readAdapter(join(adapters, 'all-linear')), null);
    expect(configOf(unknown)['layers_to_transform']).toEqual([0, 1, 2]);
  });

  test('anything else is named by whole paths', async () => {
    const adapter = readAdapter(join(adapters, 'layers'));
    adapter.modules.delete('model.layers.0.self_attn.q_proj');
    const folder = temporaryFolder();
    await writeAdapter(folder, adapter, base);
    const config = configOf(folder);
    expect(config['layers_to_transform']).toBeNull();
    expect(config['target_modules']).toEqual([...adapter.modules.keys()]);
  });

  test('a pattern is short where all modules of a name agree, else a path with escaped dots', async () => {
    const folder = temporaryFolder();
    await writeAdapter(folder, readAdapter(join(adapters, 'patterns')), base);
    const path = String.raw`model\.layers\.1\.mlp\.down_proj`;
    expect(configOf(folder)['rank_pattern']).toEqual({ [path]: 6, q_proj: 2 });
  });

  test('the names and the mark that PEFT and transformers look for', async () => {
    const folder = temporaryFolder();
    await writeAdapter(folder, readAdapter(join(adapters, 'all-linear')), base);
    const found = openSafetensors(join(folder, 'adapter_model.safetensors'));
    const peft = openSafetensors(join(adapters, 'all-linear/adapter_model.safetensors'));
    expect([...found.tensors.keys()].sort()).toEqual([...peft.tensors.keys()].sort());
    expect(found.metadata).toEqual({ format: 'pt' });
    found.close();
    peft.close();
  });
});

describe('refused', () => {
  function changed(name: string, keys: Record<string, unknown>): string {
    const folder = join(temporaryFolder(), name);
    cpSync(join(adapters, name), folder, { recursive: true });
    writeFileSync(
      join(folder, 'adapter_config.json'),
      JSON.stringify({ ...configOf(folder), ...keys }),
    );
    return folder;
  }

  test('DoRA without magnitudes, and magnitudes without DoRA', async () => {
    const without = changed('layers', { use_dora: true });
    expect(await problemOf(() => readAdapter(without))).toMatchObject({
      code: 'adapter/bad-tensors',
    });
    const unsaid = changed('dora', { use_dora: false });
    expect(await problemOf(() => readAdapter(unsaid))).toMatchObject({
      code: 'adapter/bad-tensors',
    });
  });

  test('options that change the result, all by name', async () => {
    const options = {
      use_qalora: true,
      lora_bias: true,
      bias: 'all',
      modules_to_save: ['lm_head'],
      trainable_token_indices: [1],
      layer_replication: [[0, 2]],
      init_lora_weights: 'pissa_niter_16',
      an_option_of_tomorrow: { strength: 2 },
    };
    const problem = await problemOf(() => readAdapter(changed('layers', options)));
    expect(problem.code).toBe('adapter/unsupported-options');
    for (const key of Object.keys(options)) expect(problem.what).toContain(key);
  });

  test.each(['TOKEN_CLS', 'SEQ_2_SEQ_LM', 'QUESTION_ANS'])('the task %s', async (task) => {
    const problem = await problemOf(() => readAdapter(changed('layers', { task_type: task })));
    expect(problem.code).toBe('adapter/unsupported-options');
    expect(problem.what).toContain(`task_type "${task}"`);
  });

  test.each([
    { lora_dropout: 2 },
    { lora_dropout: -0.1 },
    { lora_alpha: 1e39 },
    { alpha_pattern: { q_proj: 1e39 } },
    { task_type: 'FOO' },
  ])('%j, a value that means nothing', async (keys) => {
    const problem = await problemOf(() => readAdapter(changed('layers', keys)));
    expect(problem.code).toBe('adapter/bad-config');
    expect(problem.what).toContain(Object.keys(keys)[0] ?? '');
  });

  test('another kind of adapter', async () => {
    const problem = await problemOf(() => readAdapter(changed('layers', { peft_type: 'IA3' })));
    expect(problem.what).toContain('peft_type "IA3"');
  });

  test('initialisations that leave the base alone are no reason to refuse', () => {
    for (const init of [false, 'gaussian', 'eva', 'orthogonal']) {
      const { modules } = readAdapter(changed('layers', { init_lora_weights: init }));
      expect(modules.size).toBe(6);
    }
  });

  test('a rank in the config that is not the one of the tensors', async () => {
    const problem = await problemOf(() => readAdapter(changed('layers', { r: 5 })));
    expect(problem.code).toBe('adapter/bad-tensors');
    expect(problem.what).toContain('A [3, 64] and B [160, 3]');
    expect(problem.what).toContain('rank 5');
  });

  test('a rank that is no rank, a pattern that is no pattern', async () => {
    for (const [keys, text] of [
      [{ r: 0 }, 'r: '],
      [{ rank_pattern: { '(?P<x>': 3 } }, '(?P<x>'],
    ] as const) {
      const problem = await problemOf(() => readAdapter(changed('layers', keys)));
      expect(problem.code).toBe('adapter/bad-config');
      expect(problem.what).toContain(text);
    }
  });

  test('tensors that are no LoRA, an A without its B, values that are not finite', async () => {
    const folder = temporaryFolder();
    const adapter = readAdapter(join(adapters, 'layers'));
    const [path, module] = [...adapter.modules][0] ?? ['', undefined];
    if (module) adapter.modules.set(path, { ...module, b: module.b.map(() => NaN) });
    await writeAdapter(folder, adapter, base);
    const file = join(folder, 'adapter_model.safetensors');
    const bytes = readFileSync(file, 'latin1')
      .replace('layers.0.self_attn.q_proj.lora_B.weight', 'layers.9.self_attn.q_proj.lora_B.weight')
      .replace('layers.2.mlp.gate_proj.lora_A.weight', 'layers.2.mlp.gate_proj.lora_C.weight');
    writeFileSync(file, bytes, 'latin1');
    const problem = await problemOf(() => readAdapter(folder));
    expect(problem).toMatchObject({ code: 'adapter/bad-tensors', where: file });
    for (const text of [
      'model.layers.2.mlp.gate_proj.lora_C.weight is not part of',
      'model.layers.2.mlp.gate_proj has a B and no A',
      'model.layers.0.self_attn.q_proj has an A and no B',
      `${path} has values that are not finite`,
    ]) {
      expect(problem.what).toContain(text);
    }
  });

  test('a folder without an adapter', async () => {
    const problem = await problemOf(() => readAdapter(fixtures));
    expect(problem).toMatchObject({ code: 'adapter/not-found', where: fixtures });
  });
});

describe('fitting', () => {
  const json = (model: string) =>
    JSON.parse(readFileSync(join(fixtures, `models/${model}/config.json`), 'utf8')) as JsonObject;
  const architectureOf = (model: string) => parseArchitecture(json(model), model);

  test.each(names)('%s fits the model that it was made for', (name) => {
    const adapter = readAdapter(join(adapters, name));
    checkAdapterFits(adapter, architectureOf(adapter.baseModel ?? ''));
  });

  test('for another model: every mismatch with both shapes', async () => {
    const adapter = readAdapter(join(adapters, 'all-linear'));
    const problem = await problemOf(() => {
      checkAdapterFits(adapter, architectureOf('tiny-untied'), '/adapters/mine');
    });
    expect(problem).toMatchObject({ code: 'adapter/does-not-fit', where: '/adapters/mine' });
    expect(problem.what).toContain(
      'q_proj: A [4, 64] and B [64, 4] for a matrix [64, 64], the model has [64, 32] (layers 0–1)',
    );
    for (const name of ['k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']) {
      expect(problem.what).toContain(`${name}: A [4, `);
    }
    expect(problem.what).toContain('model.layers.2.mlp.down_proj: the model has the layers 0 to 1');
  });

  test('modules that the model does not have', async () => {
    const adapter = readAdapter(join(adapters, 'layers'));
    const module = [...adapter.modules.values()][0];
    if (module) adapter.modules.set('model.layers.0.attn.c_attn', module).set('lm_head', module);
    const problem = await problemOf(() => {
      checkAdapterFits(adapter, architectureOf('tiny-tied'));
    });
    expect(problem.what).toContain('model.layers.0.attn.c_attn is no linear layer');
    expect(problem.what).toContain('lm_head is no linear layer');
  });
});

test('a module whose alpha is 0 is told to change nothing', () => {
  const folder = join(temporaryFolder(), 'adapter');
  cpSync(join(adapters, 'layers'), folder, { recursive: true });
  const keys = { ...configOf(folder), alpha_pattern: { gate_proj: 0 } };
  writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify(keys));
  const [notice] = readAdapter(folder).notices;
  expect(notice).toContain('model.layers.0.mlp.gate_proj; model.layers.2.mlp.gate_proj');
});

test('DoRA is written as PEFT writes it', async () => {
  const source = join(adapters, 'dora');
  const folder = temporaryFolder();
  const adapter = readAdapter(source);
  await writeAdapter(folder, adapter, null);
  expect(readAdapter(folder)).toEqual(adapter);
  const names = (path: string) => {
    const file = openSafetensors(join(path, 'adapter_model.safetensors'));
    file.close();
    return [...file.tensors].map(([name, { shape }]) => `${name} ${shape.join()}`).sort();
  };
  expect(names(folder)).toEqual(names(source));
  expect(configOf(folder)).toMatchObject({ use_dora: true });
});
