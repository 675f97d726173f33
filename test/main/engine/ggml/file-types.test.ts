/** The type of each tensor by the type of its file, against what llama.cpp's quantiser wrote. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fileTypeNumber, tensorTypes } from '../../../../src/main/engine/ggml/file-types.ts';
import { ggufFileTypes } from '../../../../src/shared/export-forms.ts';
import { readFixture } from '../parity/fixtures.ts';

const models = readFixture(
  'gguf-quantised/types.json',
  z.record(
    z.string(),
    z.object({
      architecture: z.string(),
      layers: z.number(),
      experts: z.number(),
      heads: z.number(),
      keyValueHeads: z.number(),
      tensors: z.record(z.string(), z.array(z.number())),
      types: z.record(z.enum(ggufFileTypes), z.array(z.string())),
    }),
  ),
);

test('there are models', () => {
  expect(Object.keys(models).length).toBeGreaterThan(10);
});

describe.each(Object.entries(models))('%s', (_name, { tensors, types, ...model }) => {
  const shapes = Object.entries(tensors).map(([name, shape]) => ({ name, shape }));

  test.each(ggufFileTypes)('%s', (fileType) => {
    const found = tensorTypes(fileType, model, shapes);
    const expected = shapes.map(({ name }, i) => [name, types[fileType][i]]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });
});

test('numbers of file types differ', () => {
  expect(new Set(ggufFileTypes.map(fileTypeNumber)).size).toBe(ggufFileTypes.length);
  expect(fileTypeNumber('Q4_K_M')).toBe(15);
});
