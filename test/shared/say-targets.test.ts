import { expect, test } from 'vitest';
import { sayTargets } from '../../src/shared/say-targets.ts';

test('target modules in words', () => {
  expect(sayTargets('all-linear')).toBe('all linear');
  expect(
    sayTargets([
      { module: 'q_proj', layers: 'all' },
      { module: 'v_proj', layers: 'all' },
    ]),
  ).toBe('q_proj, v_proj');
  expect(
    sayTargets([
      { module: 'q_proj', layers: [7, 0, 1, 2, 9, 10] },
      { module: 'v_proj', layers: [3] },
    ]),
  ).toBe('q_proj in layers 0–2, 7, 9–10; v_proj in layer 3');
});
