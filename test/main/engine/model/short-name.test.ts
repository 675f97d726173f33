/** Names by which PEFT means one module of a layer, and how an adapter's config uses them. */
import { expect, test } from 'vitest';
import type { Adapter } from '../../../../src/main/engine/checkpoint/adapter.ts';
import { shortName } from '../../../../src/main/engine/model/short-name.ts';
import { peftConfig } from '../../../../src/main/engine/checkpoint/peft-config-writer.ts';

const gpt2 = ['attn.c_attn', 'attn.c_proj', 'mlp.c_fc', 'mlp.c_proj'];
const bert = ['attention.self.query', 'attention.output.dense', 'output.dense'];

test.each([
  ['self_attn.q_proj', ['self_attn.q_proj', 'self_attn.k_proj'], 'q_proj'],
  ['attn.c_attn', gpt2, 'c_attn'],
  ['mlp.c_proj', gpt2, 'mlp.c_proj'],
  ['attention.output.dense', bert, 'attention.output.dense'],
  // Whatever is said of it is said of attention.output.dense, too.
  ['output.dense', bert, null],
])('%s among %o is %s', (path, all, expected) => {
  expect(shortName(path, all)).toBe(expected);
});

function adapterOn(...paths: string[]): Adapter {
  const module = { rank: 2, alpha: 4, scaling: 2, in: 1, out: 1, magnitude: null };
  const values = { a: new Float32Array(2), b: new Float32Array(2) };
  return {
    ...{ baseModel: null, rank: 2, alpha: 4, dropout: 0, useRslora: false, useDora: false },
    taskType: 'CAUSAL_LM',
    modules: new Map(paths.map((path) => [path, { ...module, ...values }])),
    ...{ saved: new Map(), labels: null },
  };
}

test.each([
  [gpt2, ['transformer.h.0.mlp.c_proj', 'transformer.h.1.mlp.c_proj'], ['mlp.c_proj']],
  // PEFT would take 'output.dense' for both: the whole paths say it.
  [bert, ['encoder.layer.0.output.dense'], ['encoder.layer.0.output.dense']],
])('an adapter on one of two modules with the same end: %o', (linears, paths, expected) => {
  const base = { layers: 2, linears: linears.map((path) => ({ path })) };
  expect(peftConfig(adapterOn(...paths), base)['target_modules']).toEqual(expected);
});
