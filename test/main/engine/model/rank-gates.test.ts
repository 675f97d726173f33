/** Gates of ranks are written into the graph once for all layers whose adapters are alike. */
import { expect, test } from 'vitest';
import { addParameter } from '../../../../src/main/engine/graph/function.ts';
import { Scope } from '../../../../src/main/engine/graph/scope.ts';
import type { SlotShape } from '../../../../src/main/engine/model/layer-slots.ts';
import { linearGroups } from '../../../../src/main/engine/model/linear-groups.ts';
import { RankGates } from '../../../../src/main/engine/model/rank-gates.ts';

const linear = (name: string, group: string, out: number) => ({
  ...{ name, group, out, path: `self_attn.${name}`, in: 16, bias: false },
});
const linears = [linear('q', 'qkv', 16), linear('v', 'qkv', 8), linear('o', 'o', 16)];
const groups = linearGroups(linears);

/** Adapters of one rank on all modules. */
function slotsOf(rank: number, scaling: number): SlotShape[] {
  return linears.map((module) => ({ module, rank, scaling, adapter: 0, dora: false }));
}

test('a second layer reads what the first one reads, one with another scaling does not', () => {
  const scope = new Scope('test');
  const gates = addParameter(scope, 'gates', { dtype: 'float32', shape: [32, 1] });
  const ranks = new RankGates(gates, 'bfloat16');
  const first = ranks.of(groups, slotsOf(4, 2));
  // One for the two modules of a group together, one for the other group.
  expect(first.map(([, { dtype, shape }]) => [dtype, shape])).toEqual([
    ['bfloat16', [32, 8]],
    ['bfloat16', [32, 4]],
  ]);
  const written = scope.nodes.length;
  expect(ranks.of(groups, slotsOf(4, 2))).toEqual(first);
  expect(scope.nodes).toHaveLength(written);
  const other = ranks.of(groups, slotsOf(4, 1));
  expect(other.map(([name]) => name)).not.toEqual(first.map(([name]) => name));
  expect(scope.nodes.length).toBeGreaterThan(written);
});

test('a layer without adapters needs none', () => {
  const scope = new Scope('test');
  const gates = addParameter(scope, 'gates', { dtype: 'float32', shape: [32, 1] });
  expect(new RankGates(gates, 'float32').of(groups, [])).toEqual([]);
});
