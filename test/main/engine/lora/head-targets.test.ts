/** Frozen linear layers of a head are targets by their name, in the place of a layer after the last. */
import { expect, test } from 'vitest';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { readJsonObject } from '../../../../src/main/engine/checkpoint/json-file.ts';
import { resolveTargets } from '../../../../src/main/engine/lora/targets.ts';
import { linearAt } from '../../../../src/main/engine/model/architecture.ts';
import { parseArchitecture } from '../../../../src/main/engine/model/families/index.ts';
import { fixturePath } from '../parity/fixtures.ts';

const path = fixturePath('classifiers/tiny-bert/model/config.json');
const bert = parseArchitecture(readJsonObject(path), path);

test('BERT’s pooler', () => {
  const targets = [
    { module: 'query', layers: [1] },
    { module: 'pooler.dense', layers: 'all' as const },
  ];
  const found = resolveTargets(bert, { ...trainingDefaults.lora, targets });
  expect(found.map((target) => [target.layer, target.path])).toEqual([
    [1, 'bert.encoder.layer.1.attention.self.query'],
    [2, 'bert.pooler.dense'],
  ]);
  expect(linearAt(bert, 'bert.pooler.dense')?.layer).toBe(2);
});

test('all-linear means those of the layers', () => {
  const found = resolveTargets(bert, trainingDefaults.lora);
  expect(found).toHaveLength(2 * 6);
});
