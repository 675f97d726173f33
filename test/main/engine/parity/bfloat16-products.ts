/** How this machine's TensorFlow turns a product's float32 sum into bfloat16. */
import { Program } from '../../../../src/main/engine/graph/program.ts';
import { Session } from '../../../../src/main/engine/graph/session.ts';
import * as o from '../../../../src/main/engine/graph/ops/index.ts';

/**
 * How much farther from float32 a result may be than PyTorch's in bfloat16, which rounds every product to the nearest. That is off
 * by anything within ±u of a product, u = 2⁻⁸: in the square mean by u²/3. Cut off, it is off by anything from 0 to 2u towards
 * zero: in the square mean by 4u²/3, which is twice as far. What is not a product is rounded alike in both.
 */
export function bfloat16Allowance(): number {
  return productsAreRounded() ? 1 : 2;
}

/**
 * Whether products are rounded to the nearest bfloat16. They are where the processor multiplies bfloat16 itself.
 * Elsewhere TensorFlow 2.21 multiplies in float32 and cuts the result off, towards zero: a bias that PyTorch does not have.
 */
function productsAreRounded(): boolean {
  const program = new Program();
  const row = program.placeholder('row', 'float32', [1, 2]);
  const column = program.placeholder('column', 'float32', [2, 1]);
  const product = o.matmul(o.cast(row, 'bfloat16'), o.cast(column, 'bfloat16'));
  const result = o.cast(product, 'float32');
  const session = new Session(program);
  try {
    // 1 + ¾·2⁻⁷ lies between the bfloat16 numbers 1 and 1 + 2⁻⁷, nearer to the second.
    const feeds = [
      [row, Float32Array.of(1, 1)],
      [column, Float32Array.of(1, 0.75 * 2 ** -7)],
    ] as const;
    const [value] = session.run(feeds, [result]);
    return value?.[0] === 1 + 2 ** -7;
  } finally {
    session.dispose();
  }
}
