/** Windows that config.json asks for in two ways. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseArchitecture } from '../../../../src/main/engine/model/families/index.ts';
import { fixtures, problemOf } from '../checkpoint/fixtures.ts';

function parse(name: string, json: Record<string, unknown>) {
  const path = join(fixtures, 'models', name, 'config.json');
  const own = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  return parseArchitecture({ ...own, ...json }, path);
}

function windows(name: string, json: Record<string, unknown>): (number | null)[] {
  const model = parse(name, json);
  const { numHiddenLayers: length } = model.config;
  return Array.from({ length }, (_, layer) => model.attention(layer).window);
}

// transformers reads no layer_types in these families.
test.each(['tiny-mixtral', 'tiny-phi3', 'tiny-qwen3-moe'])('%s: layer_types', async (name) => {
  const qwen = { use_sliding_window: true, max_window_layers: 0 };
  const asked = { sliding_window: 4, ...(name === 'tiny-qwen3-moe' && qwen) };
  const alone = windows(name, { ...asked, layer_types: null });
  expect(new Set(alone)).toEqual(new Set([4]));
  const all = (type: string) => ({ ...asked, layer_types: alone.map(() => type) });
  expect(windows(name, all('sliding_attention'))).toEqual(alone);
  const problem = await problemOf(() => parse(name, all('full_attention')));
  expect(problem.code).toBe('checkpoint/unsupported-settings');
  expect(problem.what).toContain('layer_types');
});
