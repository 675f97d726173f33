/** `logits`: a model's raw output for given tokens, as a file. */
import { packingOf } from '../checkpoint/checkpoint.ts';
import { checkPositions } from '../checkpoint/check-positions.ts';
import { writeSafetensors } from '../checkpoint/safetensors-writer.ts';
import { dirname, join } from 'node:path';
import { rename, rm } from 'node:fs/promises';
import type { EngineContext, EngineRequest } from '../../../shared/contract/engine.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { named } from '../export/output-folder.ts';
import { causalLm } from '../task/causal-lm.ts';
import { Scorer } from '../score/scorer.ts';
import { tellAll, tellWeights, withModel } from './open-model.ts';
import { refuseWithoutNextToken } from './task-of.ts';

export function logits(
  { tokens, output, ...source }: EngineRequest<'logits'>,
  context: EngineContext,
): Promise<{ shape: [number, number, number] }> {
  return withModel(source, context, async (model) => {
    refuseWithoutNextToken(model);
    const { checkpoint, bank, gates, computeType } = model;
    tellAll(context, model.notices);
    const { architecture, config } = checkpoint;
    const bad = tokens.find((id) => id < 0 || id >= config.vocabSize);
    if (bad !== undefined || tokens.length === 0) {
      throw lorikeetError('engine/bad-tokens', { token: bad ?? null, vocabSize: config.vocabSize });
    }
    checkPositions(checkpoint, tokens.length);
    const scorer = new Scorer(
      {
        architecture,
        task: causalLm,
        layout: bank.layout,
        shape: { rows: 1, length: tokens.length },
        capacity: causalLm.capacityFor(1),
        computeType,
        packingOf: packingOf(checkpoint),
        fusion: 'none',
      },
      checkpoint,
      { parameters: bank.parameters, gates },
      tellWeights(context),
    );
    try {
      const shape: [number, number, number] = [1, tokens.length, config.vocabSize];
      const values = scorer.logits(tokens);
      await writeWhole(output, (path) =>
        writeSafetensors(path, [{ name: 'logits', shape, values: () => values }], 'float32'),
      );
      return { shape };
    } finally {
      scorer.dispose();
    }
  });
}

/** Writes beside the file and renames, so that a failure leaves no half file. */
async function writeWhole(path: string, write: (path: string) => Promise<unknown>): Promise<void> {
  const partial = join(dirname(path), `.${process.pid}-${Date.now()}.partial`);
  try {
    await write(partial);
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    throw named(cause, path);
  }
}
