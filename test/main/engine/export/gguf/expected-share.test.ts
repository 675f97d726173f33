/** The loss of a change in a type of blocks is foreseen from the rows that are changed. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noAdapter, type Adapter } from '../../../../../src/main/engine/checkpoint/adapter.ts';
import { changedCheckpoint } from '../../../../../src/main/engine/checkpoint/changed-checkpoint.ts';
import type { Checkpoint } from '../../../../../src/main/engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { refuseLoss } from '../../../../../src/main/engine/export/gguf/expected-share.ts';
import { planGguf } from '../../../../../src/main/engine/export/gguf/write-gguf.ts';
import { problemOf } from '../../checkpoint/fixtures.ts';
import { tinyModel } from '../exported.ts';

const path = 'model.layers.0.self_attn.q_proj';
const [rows, columns] = [64, 64];
/** Of a block of Q8_0: its values are whole numbers of steps, up to 127 for the greatest. */
const [block, step] = [32, 2 ** -8];

/** One value a block is the greatest, which makes the step, and is not changed. */
const isGreatest = (column: number): boolean => column % block === 0;

/** By an eighth of a step. */
const module = {
  ...{ rank: 1, alpha: 1, scaling: 1, magnitude: null, in: columns, out: rows },
  a: Float32Array.from({ length: columns }, (_, i) => (isGreatest(i) ? 0 : step / 8)),
  b: new Float32Array(rows).fill(1),
};
const adapter: Adapter = { ...noAdapter, rank: 1, alpha: 1, modules: new Map([[path, module]]) };

let tiny: Checkpoint;
beforeAll(async () => {
  tiny = await openCheckpoint(tinyModel('tiny-tied'));
});
afterAll(() => {
  tiny.close();
});

/** Rows off the grid lie evenly between its places (multiples of the golden ratio, without their whole numbers). */
function baseWith(isOnGrid: (row: number) => boolean): Checkpoint {
  const values = Float32Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    if (isGreatest(column)) return 127 * step;
    const between = isOnGrid(row) ? 0 : ((i * (1 + Math.sqrt(5))) / 2) % 1;
    return ((i % 100) - 50 + between) * step;
  });
  return changedCheckpoint(tiny, {
    read: (name) => (name === `${path}.weight` ? values : tiny.read(name)),
  });
}

const asked = (base: Checkpoint) => () => {
  refuseLoss(base, adapter, planGguf(base, adapter, 'Q8_0'), 'Q8_0');
};

test('one row on the grid loses its part, and the others keep theirs', () => {
  expect(asked(baseWith((row) => row === 0))).not.toThrow();
});

test('one row off the grid does not make up for the others', async () => {
  const problem = await problemOf(asked(baseWith((row) => row !== 0)));
  expect(problem).toMatchObject({ code: 'export/loses-adapter' });
});
