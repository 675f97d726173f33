/** What files of encoders call their tensors. */
import { expect, test } from 'vitest';
import { readJsonObject } from '../../../../../src/main/engine/checkpoint/json-file.ts';
import { parseArchitecture } from '../../../../../src/main/engine/model/families/index.ts';
import { fixturePath } from '../../parity/fixtures.ts';

function namesOf(name: string) {
  const path = fixturePath(`classifiers/${name}/model/config.json`);
  return parseArchitecture(readJsonObject(path), path).inFiles;
}

test.each([
  ['tiny-bert', 'bert.pooler.dense.bias', 'bert.pooler.dense.bias'],
  ['tiny-bert', 'embeddings.LayerNorm.gamma', 'bert.embeddings.LayerNorm.weight'],
  ['tiny-bert', 'bert.embeddings.LayerNorm.beta', 'bert.embeddings.LayerNorm.bias'],
  ['tiny-bert', 'classifier.weight', 'classifier.weight'],
  [
    'tiny-roberta',
    'encoder.layer.0.output.dense.bias',
    'roberta.encoder.layer.0.output.dense.bias',
  ],
  ['tiny-distilbert', 'pre_classifier.bias', 'pre_classifier.bias'],
])('%s: %s', (model, name, expected) => {
  expect(namesOf(model)?.(name)).toBe(expected);
});

test.each([
  ['tiny-bert', 'bert.embeddings.position_ids', 'follows from config.json'],
  ['tiny-bert', 'cls.predictions.bias', 'belongs to the head of another task'],
  ['tiny-roberta', 'lm_head.dense.weight', 'belongs to the head of another task'],
  ['tiny-roberta', 'pooler.dense.weight', 'belongs to the head of another task'],
  ['tiny-distilbert', 'vocab_projector.bias', 'belongs to the head of another task'],
])('%s does without %s', (model, name, without) => {
  expect(namesOf(model)?.(name)).toEqual({ without });
});
