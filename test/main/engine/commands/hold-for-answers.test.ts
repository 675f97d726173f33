/** How a base is held that answers: with the values of its adapters, dense where memory allows. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Checkpoint } from '../../../../src/main/engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { holdForAnswers } from '../../../../src/main/engine/commands/hold-for-answers.ts';
import type { EngineEvent, ModelSource } from '../../../../src/shared/contract/engine.ts';
import type { HeldBase } from '../../../../src/shared/contract/records.ts';
import { smallConfig } from '../../small-config.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

const blocks = await openCheckpoint(fixturePath('gguf/tiny-untied.gguf'));
const plain = await openCheckpoint(fixturePath('models/tiny-tied'));
afterAll(() => {
  blocks.close();
  plain.close();
});
/** Of float32: all of its 53,408 numbers. */
const denseBytes =
  4 *
  [...blocks.tensors.values()].reduce(
    (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
    0,
  );
const projection = 'model.layers.0.mlp.up_proj.weight';

function trainedOn(base: HeldBase): ModelSource['adapters'][number] {
  const path = join(temporaryFolder(), 'adapter');
  mkdirSync(path);
  const config = { ...smallConfig(), base: base.form, doubleQuant: base.doubleQuant };
  writeFileSync(join(path, 'lorikeet-training.json'), JSON.stringify(config));
  return { path, weight: 1 };
}

function hold(
  checkpoint: Checkpoint,
  source: Partial<Pick<ModelSource, 'adapters' | 'held'>>,
  free = Infinity,
) {
  const notices: string[] = [];
  const emit = (event: EngineEvent) => {
    if (event.kind === 'notice') notices.push(event.text);
  };
  const asked = { adapters: [], ...source };
  const base = holdForAnswers(checkpoint, asked, 'float32', free, { emit });
  return { packing: base.tensors.get(projection)?.packing ?? null, base, notices };
}

const nf4: HeldBase = { form: 'nf4', doubleQuant: false };

test('it is dense where the weights take at most half of what is free, and else as in its file, which is told', () => {
  expect(hold(blocks, {}, 2 * denseBytes)).toMatchObject({ packing: null, notices: [] });
  const { packing, notices } = hold(blocks, {}, 2 * denseBytes - 1);
  expect(packing).toEqual(blocks.tensors.get(projection)?.packing);
  expect(notices).toEqual([
    expect.stringMatching(/^The base is held packed, since dense .+ KiB of/),
  ]);
  // There is no smaller form of float32 that has its values.
  expect(hold(plain, {}, 1)).toMatchObject({ packing: null, notices: [] });
});

test('it is held as it was asked for, whatever is free', () => {
  const packed = hold(blocks, { held: { form: 'packed', doubleQuant: false } });
  expect(packed.packing).toEqual(blocks.tensors.get(projection)?.packing);
  const dense = hold(blocks, { held: { form: 'dense', doubleQuant: false } }, 1);
  expect(dense).toMatchObject({ packing: null, notices: [] });
  expect(() => hold(blocks, { held: nf4 })).toThrow(/quantise them once more/);
});

test('an adapter that learnt on rounded values is asked over these, dense as well', () => {
  const adapters = [trainedOn(nf4)];
  const { base, packing, notices } = hold(plain, { adapters });
  expect({ packing, notices }).toEqual({ packing: null, notices: [] });
  const rounded = hold(plain, { held: nf4 }).base;
  const file = plain.read(projection);
  expect(base.read(projection)).toEqual(rounded.read(projection));
  expect(base.read(projection)).not.toEqual(file);
  expect(hold(plain, { adapters }, 1).packing).toMatchObject({ codes: 'nf4' });
  const asked = hold(plain, { adapters, held: { form: 'dense', doubleQuant: false } });
  expect(asked.base.read(projection)).toEqual(file);
  expect(asked.notices).toEqual([
    'The adapter learnt on a base with other values (NF4, 4 bits) than it is used with now (those of its file).',
  ]);
});

test('blocks are not quantised once more for an adapter, which is told', () => {
  const { base, notices } = hold(blocks, { adapters: [trainedOn(nf4)] });
  expect(base.read(projection)).toEqual(blocks.read(projection));
  expect(notices).toEqual([
    expect.stringMatching(/learnt on NF4, 4 bits\. .+ not quantised again/),
  ]);
});
