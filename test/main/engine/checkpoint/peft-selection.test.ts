/** An adapter_config.json narrowed by hand: PEFT then computes with the modules that it selects, and so does this. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { fixtures, problemOf, temporaryFolder } from './fixtures.ts';

/** An adapter with its config changed: that on all seven modules of two layers, or another. */
function changed(keys: Record<string, unknown>, name = 'untied'): string {
  const folder = join(temporaryFolder(), 'adapter');
  cpSync(join(fixtures, 'adapters', name), folder, { recursive: true });
  const path = join(folder, 'adapter_config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify({ ...config, ...keys }));
  return folder;
}

const layer = (number: number, ...names: string[]) =>
  names.map((name) => `model.layers.${number}.${name}`);
const attention = ['q_proj', 'k_proj', 'v_proj', 'o_proj'].map((name) => `self_attn.${name}`);
const mlp = ['gate_proj', 'up_proj', 'down_proj'].map((name) => `mlp.${name}`);

describe('modules that are read', () => {
  test.each([
    [
      { target_modules: ['q_proj'] },
      [...layer(0, 'self_attn.q_proj'), ...layer(1, 'self_attn.q_proj')],
    ],
    [{ target_modules: ['layers.1.mlp.up_proj'] }, layer(1, 'mlp.up_proj')],
    [{ target_modules: String.raw`model\.layers\.0\.mlp\..*` }, layer(0, ...mlp)],
    [
      { target_modules: String.raw`(?P<all>.*)\.1\.self_attn\.[qkvo]_proj` },
      layer(1, ...attention),
    ],
    [{ layers_to_transform: [0] }, layer(0, ...attention, ...mlp)],
    [{ layers_to_transform: 1 }, layer(1, ...attention, ...mlp)],
    [{ layers_to_transform: 0, layers_pattern: 'layers' }, layer(0, ...attention, ...mlp)],
    [{ layers_to_transform: [1], layers_pattern: ['h', 'layers'] }, layer(1, ...attention, ...mlp)],
    // A whole path is taken whatever the layers are.
    [
      { target_modules: ['model.layers.0.mlp.up_proj', 'q_proj'], layers_to_transform: [1] },
      [...layer(0, 'mlp.up_proj'), ...layer(1, 'self_attn.q_proj')],
    ],
    [
      { exclude_modules: ['self_attn.q_proj', 'k_proj', 'v_proj', 'o_proj'] },
      [...layer(0, ...mlp), ...layer(1, ...mlp)],
    ],
    [
      { exclude_modules: String.raw`.*\.(0|1)\.mlp\..*` },
      [...layer(0, ...attention), ...layer(1, ...attention)],
    ],
    [
      { target_modules: 'all-linear', exclude_modules: [] },
      [0, 1].flatMap((each) => layer(each, ...attention, ...mlp)),
    ],
  ])('%j', (keys, expected) => {
    const { modules, notices } = readAdapter(changed(keys));
    expect([...modules.keys()].sort()).toEqual([...expected].sort());
    // What is left out is told.
    const leftOut = notices.filter((notice) => notice.includes('are not used'));
    expect(leftOut.length).toBe(expected.length < 14 ? 1 : 0);
  });
});

test('one name means both modules that end with it', () => {
  const folder = changed({ target_modules: ['c_proj'], layers_to_transform: [1] }, 'tiny-gpt2');
  expect([...readAdapter(folder).modules.keys()].sort()).toEqual([
    'transformer.h.1.attn.c_proj',
    'transformer.h.1.mlp.c_proj',
  ]);
});

test('what is left out and what fits nothing is told by name', () => {
  const keys = { target_modules: ['q_proj', 'c_attn'], alpha_pattern: { 'layers.7': 3 } };
  const [unused, idle] = readAdapter(changed(keys)).notices;
  expect(unused).toContain('model.layers.0.self_attn.k_proj');
  expect(idle).toContain('c_attn (target_modules)');
  expect(idle).toContain('layers.7 (alpha_pattern)');
});

/** What the base of that adapter has: more than the adapter is on. */
const base = {
  linears: [0, 1].flatMap((each) => layer(each, ...attention, ...mlp)),
  all: ['model.embed_tokens', 'lm_head'].concat(
    [0, 1].flatMap((each) => layer(each, 'input_layernorm', ...attention, ...mlp)),
  ),
};

test.each([
  [{ exclude_modules: ['lm_head', 'vision_tower'] }, ['vision_tower (exclude_modules)']],
  [{ exclude_modules: 'vision_tower.*' }, ['vision_tower.* (exclude_modules)']],
  [{ exclude_modules: String.raw`.*\.embed_tokens` }, []],
  [
    { layers_to_transform: [0, 1, 7, -1] },
    ['7', '-1'].map((each) => `${each} (layers_to_transform)`),
  ],
  [
    { layers_to_transform: [0, 1], layers_pattern: ['blocks', 'layers'] },
    ['blocks (layers_pattern)'],
  ],
])('what of %j fits no module of the base is told', (keys, told) => {
  const notices = readAdapter(changed(keys), base).notices.join('\n');
  const expected = `Of the adapter's adapter_config.json nothing fits ${told.join('; ')}.`;
  expect(notices).toBe(told.length === 0 ? '' : expected);
});

test('what was excluded in training is not in the file, and fits a module of the base', () => {
  const all = {
    linears: [...base.linears, 'model.layers.0.mlp.gate'],
    all: ['model.layers.0.mlp.gate'],
  };
  expect(readAdapter(changed({ exclude_modules: ['gate'] }), all).notices).toEqual([]);
});

test('modules that the file alone names are told', () => {
  expect(readAdapter(changed({ target_modules: null })).notices).toEqual([
    expect.stringContaining('target_modules') as string,
  ]);
});

test('an adapter that is whole says nothing', () => {
  expect(readAdapter(join(fixtures, 'adapters/untied')).notices).toEqual([]);
});

test.each([
  [{ target_modules: 'q_proj', layers_to_transform: [0] }, 'layers_to_transform'],
  [{ layers_pattern: 'layers' }, 'layers_pattern'],
  [{ target_modules: '(?i)Q_PROJ' }, '(?i)Q_PROJ'],
  [{ target_modules: 7 }, 'target_modules: expected'],
  [{ layers_to_transform: ['0'] }, 'layers_to_transform: expected'],
])('%j is refused, as by PEFT', async (keys, named) => {
  const problem = await problemOf(() => readAdapter(changed(keys)));
  expect(problem.code).toBe('adapter/bad-config');
  expect(problem.what).toContain(named);
});

test('a config that selects nothing is refused', async () => {
  const problem = await problemOf(() => readAdapter(changed({ target_modules: ['c_attn'] })));
  expect(problem.code).toBe('adapter/bad-tensors');
  expect(problem.what).toContain('selects none');
});
