/** Logits of a tiny model of the oracle. */
import { withModel } from '../../../../src/main/engine/commands/open-model.ts';
import type { Fusion } from '../../../../src/main/engine/graph/island.ts';
import type { ComputeType } from '../../../../src/main/engine/model/base-weights.ts';
import { causalLm } from '../../../../src/main/engine/task/causal-lm.ts';
import { Scorer } from '../../../../src/main/engine/score/scorer.ts';
import { fixturePath } from './fixtures.ts';

export type Asked = {
  /** A folder or GGUF file of test/fixtures. */
  model: string;
  /** A folder of test/fixtures, or null for the model alone. */
  adapter: string | null;
  tokens: readonly number[];
  fusion: Fusion;
  precision?: ComputeType;
};

/** [T, V], row-major. */
export function modelLogits(asked: Asked): Promise<Float32Array> {
  const { model, adapter, tokens, fusion, precision = 'float32' } = asked;
  const adapters = adapter === null ? [] : [{ path: fixturePath(adapter), weight: 1 }];
  const source = { model: fixturePath(model), adapters, precision };
  return withModel(
    source,
    { emit: () => undefined },
    ({ checkpoint, bank, gates, computeType }) => {
      const { architecture } = checkpoint;
      const shape = { rows: 1, length: tokens.length };
      const scorer = new Scorer(
        {
          architecture,
          task: causalLm,
          layout: bank.layout,
          shape,
          capacity: causalLm.capacityFor(1),
          computeType,
          fusion,
        },
        checkpoint,
        { parameters: bank.parameters, gates },
      );
      try {
        return scorer.logits(tokens);
      } finally {
        scorer.dispose();
      }
    },
  );
}
