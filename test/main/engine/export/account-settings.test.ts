/** The config.json that is written of each family contradicts nothing that the model's own said: a merge that does fails its proof. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readJsonObject } from '../../../../src/main/engine/checkpoint/json-file.ts';
import { quantisationOf } from '../../../../src/main/engine/checkpoint/quantisation.ts';
import { accountForSettings } from '../../../../src/main/engine/export/account-settings.ts';
import { huggingFaceConfigText } from '../../../../src/main/engine/export/huggingface-config.ts';
import type { JsonObject } from '../../../../src/main/engine/model/family.ts';
import { parseArchitecture } from '../../../../src/main/engine/model/families/index.ts';
import { fixtures } from '../checkpoint/fixtures.ts';

test.each(readdirSync(join(fixtures, 'models')))('%s', (model) => {
  const path = join(fixtures, 'models', model, 'config.json');
  const json = readJsonObject(path);
  const { settings } = quantisationOf(json, path);
  const text = huggingFaceConfigText(parseArchitecture(settings, path), 'float32');
  const { carried, wrong } = accountForSettings(json, JSON.parse(text) as JsonObject);
  expect(wrong).toEqual([]);
  expect(carried).toBeGreaterThan(10);
});
