/** The form of a blend as what the engine is asked. */
import { expect, test } from 'vitest';
import {
  blendOf,
  emptyBlend,
  lackOf,
  toggled,
  without,
  type BlendForm,
} from '../../../src/renderer/lib/blend-form.ts';

const parts = [
  { id: 1, weight: 0.7 },
  { id: 2, weight: -0.3 },
];
const form = (over: Partial<BlendForm>): BlendForm => ({ ...emptyBlend(), parts, ...over });

test('only the options that the kind uses are sent', () => {
  const given = { rank: 4, density: 0.2, seed: 9 };
  expect(blendOf(form(given))).toEqual({
    ...{ adapters: parts, kind: 'exact', otherBase: false },
    ...{ rank: null, density: null, seed: null },
  });
  expect(blendOf(form({ ...given, kind: 'ties' }))).toMatchObject({ ...given, seed: null });
  expect(blendOf(form({ ...given, kind: 'dare-ties' }))).toMatchObject(given);
});

test('what is lacking is said, and nothing is asked meanwhile', () => {
  expect(lackOf(emptyBlend())).toMatch(/^Choose the adapters/);
  expect(blendOf(emptyBlend())).toBeNull();
  const unweighed = form({ parts: [...parts, { id: 3, weight: null }] });
  expect(lackOf(unweighed)).toMatch(/weight/);
  expect(blendOf(unweighed)).toBeNull();
  expect(lackOf(form({}))).toBeNull();
});

test('another base is agreed to for the parts as they are, not for others', () => {
  const agreed = form({ otherBase: true });
  expect(toggled(agreed, 3)).toMatchObject({
    otherBase: false,
    parts: [...parts, { id: 3, weight: 1 }],
  });
  expect(toggled(agreed, 1)).toMatchObject({ otherBase: false, parts: [{ id: 2, weight: -0.3 }] });
  const twice = form({ otherBase: true, parts: [...parts, { id: 1, weight: 0.1 }] });
  expect(without(twice, 0)).toMatchObject({
    otherBase: false,
    parts: [
      { id: 2, weight: -0.3 },
      { id: 1, weight: 0.1 },
    ],
  });
});
