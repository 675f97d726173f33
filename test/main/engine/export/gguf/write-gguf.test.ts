/** A GGUF file that cannot be written names the weight that is in its way. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { noAdapter } from '../../../../../src/main/engine/checkpoint/adapter.ts';
import { planGguf, writeGgufModel } from '../../../../../src/main/engine/export/gguf/write-gguf.ts';
import { brokenCopy, fixtures, problemOf, temporaryFolder } from '../../checkpoint/fixtures.ts';

test('a weight of the base that is not finite is not made into blocks', async () => {
  const path = brokenCopy(join(fixtures, 'gguf/tiny-llama3-rope.gguf'), (bytes) => {
    // float16's NaN at the end of v in the last layer, which the last norm (128 bytes) and the rope factors (32) follow.
    bytes.writeUInt16LE(0x7e00, bytes.length - 162);
    return bytes;
  });
  const base = await openCheckpoint(path);
  const plan = planGguf(base, noAdapter, 'Q8_0');
  const problem = await problemOf(() =>
    writeGgufModel(
      join(temporaryFolder(), 'm.gguf'),
      base,
      noAdapter,
      'Q8_0',
      plan,
      () => undefined,
    ),
  );
  base.close();
  expect(problem).toMatchObject({ code: 'checkpoint/not-finite', where: path });
  expect(problem.what).toContain('blk.1.attn_v.weight');
});
