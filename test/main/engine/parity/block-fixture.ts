/** Packed blocks as test/oracle/blocks.py writes them. */
import { z } from 'zod';
import type { Block } from '../../../../src/main/engine/batch/block.ts';

const ints = z.array(z.int()).transform((values) => Int32Array.from(values));

export const blockFixture = z
  .object({ tokens: ints, segments: ints, positions: ints, labels: ints, learnt: z.int() })
  .transform(({ learnt, ...block }): Block => ({ ...block, lossCount: learnt }));
