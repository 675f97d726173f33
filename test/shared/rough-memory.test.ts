/** The rough answer to "would it fit?" is near what the engine estimates from its graph, and takes a smaller form where it has to. */
import { expect, test } from 'vitest';
import { roughMemory } from '../../src/shared/rough-memory.ts';
import { smolModel } from '../renderer/smol-model.ts';

/** SmolLM2-135M as the starter file has it. */
const smol = {
  ...smolModel(),
  ...{ hiddenSize: 576, vocabSize: 49_152, contextLength: 8192, parameters: 134_515_008 },
  ...{ storedAs: ['Q4_1', 'Q8_0', 'F32'], fileBytes: 98_000_000 },
};
const GB = 1e9;

/** `train.estimate` on it with the usual settings. Nearer than the uncertainty of an estimate (memory-fit.ts) is near enough. */
test.each([
  [true, 24 * GB, 2_388_583_080, 'dense'],
  [false, 24 * GB, 3_448_232_014, 'dense'],
  [true, 2.4 * GB, 2_284_601_640, 'packed'],
])('bfloat16 %s with %d bytes free', (bfloat16, free, estimated, form) => {
  const rough = roughMemory(smol, { free, bfloat16 });
  expect(rough.form).toBe(form);
  expect(Math.abs(rough.bytes / estimated - 1)).toBeLessThan(0.15);
});

/** LLaMA 2 with 7 billion parameters, in float16. */
const module = (name: string, width: number, out: number) => ({
  ...{ name, path: name, in: width, out, copies: 1, inLayers: null, gate: false },
});
const large = {
  ...{ layers: 32, hiddenSize: 4096, vocabSize: 32_000, contextLength: 4096 },
  ...{ parameters: 6_738_415_616, storedAs: ['F16'], fileBytes: 13_476_831_232 },
  modules: [
    ...['q', 'k', 'v', 'o'].map((name) => module(name, 4096, 4096)),
    ...['gate', 'up'].map((name) => module(name, 4096, 11_008)),
    module('down', 11_008, 4096),
  ],
};

test('what is quantised less is taken as soon as there is room for it', () => {
  const at = (free: number) => roughMemory(large, { free, bfloat16: true });
  expect(at(64 * GB)).toMatchObject({ form: 'dense', fit: 'fits' });
  expect(at(20 * GB)).toMatchObject({ form: 'int8', fit: 'fits' });
  expect(at(18 * GB)).toMatchObject({ form: 'nf4', fit: 'fits' });
  expect(at(8 * GB)).toMatchObject({ form: 'nf4', fit: 'over' });
  // More numbers than the same free memory has bytes for them.
  expect(at(64 * GB).bytes).toBeGreaterThan(2 * large.parameters);
});

test('a file with blocks is not quantised once more', () => {
  const blocks = { ...large, storedAs: ['Q4_K', 'F32'], fileBytes: 4 * GB };
  expect(roughMemory(blocks, { free: 64 * GB, bfloat16: false }).form).toBe('dense');
  expect(roughMemory(blocks, { free: 1 * GB, bfloat16: false })).toMatchObject({
    ...{ form: 'packed', fit: 'over' },
  });
});
