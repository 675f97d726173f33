/**
 * Adapters of every variant that Lorikeet has trained and PEFT has loaded (test/oracle/check_variants.py): what is written today
 * is byte for byte what PEFT read, and it answers here as it does there.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readJsonObject } from '../../../../src/main/engine/checkpoint/json-file.ts';
import { readAdapter, writeAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { parseArchitecture } from '../../../../src/main/engine/model/families/index.ts';
import { ofLogits } from './bounds.ts';
import { relativeDifference } from './difference.ts';
import { fixturePath, readFixture, readTensors } from './fixtures.ts';
import { modelLogits } from './model-logits.ts';

const checked = z.record(z.string(), z.object({ tokens: z.array(z.int()) }));
const variants = Object.entries(readFixture('trained/checked.json', checked));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-trained-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each(variants)('%s', (name, { tokens }) => {
  const source = fixturePath(`trained/${name}`);
  const read = readAdapter(source);
  const model = `models/${read.baseModel ?? ''}`;

  test('its logits are those of PEFT', async () => {
    const adapterFolder = `trained/${name}`;
    const asked = { model, adapter: adapterFolder, tokens, fusion: 'none' } as const;
    const expected = readTensors(`${adapterFolder}/peft-logits.safetensors`).get('logits') ?? [];
    expect(relativeDifference(await modelLogits(asked), expected)).toBeLessThan(ofLogits);
  });

  test('it is still written like this', async () => {
    const path = fixturePath(`${model}/config.json`);
    const { config, linears } = parseArchitecture(readJsonObject(path), path);
    const written = mkdtempSync(join(folder, 'adapter-'));
    await writeAdapter(written, read, { layers: config.numHiddenLayers, linears });
    for (const file of ['adapter_config.json', 'adapter_model.safetensors']) {
      const same = readFileSync(join(written, file)).equals(readFileSync(join(source, file)));
      expect(same, file).toBe(true);
    }
  });
});
