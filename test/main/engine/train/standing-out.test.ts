/** Which module a divergence is told of. */
import { expect, test } from 'vitest';
import { standingOut } from '../../../../src/main/engine/train/standing-out.ts';
import type { ModuleHealth } from '../../../../src/shared/contract/run-points.ts';

function module(
  layer: number,
  deltaRatio: number | null,
  gradientNorm: number | null,
): ModuleHealth {
  return { layer, module: 'q_proj', normA: 1, normB: 1, deltaRatio, gradientNorm };
}

test('the last layer whose gradient is no number, since that spreads backwards', () => {
  expect(standingOut([module(0, 9, null), module(1, 1, null), module(2, 1, 3)])).toBe(
    'q_proj of layer 1',
  );
});

test('where all gradients are alike, the module that has changed most; a change that is no number first', () => {
  expect(standingOut([module(0, 1, null), module(1, 5, null)])).toBe('q_proj of layer 1');
  expect(standingOut([module(0, 7, 1), module(1, 5, 1)])).toBe('q_proj of layer 0');
  expect(standingOut([module(0, 7, 1), module(1, null, 1)])).toBe('q_proj of layer 1');
  expect(standingOut([])).toBe(null);
});
