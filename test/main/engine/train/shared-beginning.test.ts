/** Sequences that share their beginning in a block give the loss and the gradients that they give alone. */
import { expect, test } from 'vitest';
import { mostLosses } from '../../../../src/main/engine/batch/most-losses.ts';
import { packBlocks, padBlocks, type Block } from '../../../../src/main/engine/batch/pack.ts';
import { nextTokenLabels, type Sequence } from '../../../../src/main/engine/batch/sequence.ts';
import { createRandom } from '../../../../src/main/engine/random.ts';
import { causalLm } from '../../../../src/main/engine/task/causal-lm.ts';
import { tinyModels } from '../../../support/tiny-models.ts';
import { ofGradients, ofLoss } from '../parity/bounds.ts';
import { relativeDifference } from '../parity/difference.ts';
import { fromFixture, tinyTrainer } from '../parity/tiny-trainer.ts';

const length = 96;
const random = createRandom(5);
const token = () => 5 + Math.floor(90 * random.uniform());
const beginning = Array.from({ length: 20 }, token);

/** A prompt of some length after the common beginning, and an answer that is learnt. */
function example(line: number): Sequence {
  const own = Array.from({ length: 6 + 3 * line }, token);
  const tokens = Int32Array.from([...beginning, 100 + line, ...own]);
  const mask = tokens.map((_, t) => (t >= beginning.length + 4 ? 1 : 0));
  return { line, tokens, labels: nextTokenLabels(tokens, mask) };
}

const examples = [1, 2, 3, 4].map(example);

async function measure(adapter: string, blocks: readonly Block[], routerLoss = 0) {
  const { trainer } = await tinyTrainer(fromFixture(adapter), {
    shape: { rows: blocks.length, length },
    capacity: causalLm.capacityFor(mostLosses(blocks, blocks.length)),
    ...{ computeType: 'float32', fusion: 'none', keep: 'products', weightDecay: 0, maxGradNorm: 0 },
    routerLosses: [routerLoss],
  });
  try {
    return { ...trainer.evaluate(blocks), gradient: trainer.gradient(blocks).gradient };
  } finally {
    trainer.dispose();
  }
}

// In a block a window counts places of the sequence: an example's own tokens may lie far behind the beginning.
test.each(tinyModels)(
  '$model: loss and gradients are those of the sequences alone',
  async ({ adapter }) => {
    const packed = packBlocks(examples, length).blocks;
    const alone = padBlocks(examples, length).blocks;
    expect([packed.length, alone.length]).toEqual([1, 4]);
    expect(packed[0]?.segments.filter((segment) => segment === -1)).toHaveLength(beginning.length);
    const found = await measure(adapter, packed);
    const expected = await measure(adapter, alone);
    expect(found.tokens).toBe(expected.tokens);
    expect(Math.abs(found.loss / expected.loss - 1)).toBeLessThan(ofLoss);
    expect(relativeDifference(found.gradient, expected.gradient)).toBeLessThan(ofGradients);
  },
);

test('the routers of a mixture have the loss of the sequences alone', async () => {
  const measured = (blocks: readonly Block[]) => measure('tiny-mixtral', blocks, 1);
  const found = await measured(packBlocks(examples, length).blocks);
  const expected = await measured(padBlocks(examples, length).blocks);
  const without = await measure('tiny-mixtral', packBlocks(examples, length).blocks);
  expect(relativeDifference(found.gradient, expected.gradient)).toBeLessThan(ofGradients);
  expect(relativeDifference(without.gradient, expected.gradient)).toBeGreaterThan(1e-2);
});
