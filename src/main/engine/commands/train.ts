/** `train`: from a configuration and files to an adapter. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineContext, EngineRequest, TrainResult } from '../../../shared/contract/engine.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { writeAdapter } from '../checkpoint/peft-adapter.ts';
import { checkOutputFolder, withOutputFolder } from '../export/output-folder.ts';
import { adapterOf, type AdapterSettings } from '../lora/adapter-bank.ts';
import { initialParameters } from '../lora/init.ts';
import { relativeLearningRates } from '../lora/learning-rates.ts';
import { fusionOfDevice } from '../runtime/device.ts';
import { prepareTraining } from '../train/prepare.ts';
import type { TrainProgramOptions } from '../train/program.ts';
import { runTraining } from '../train/run.ts';
import { Trainer } from '../train/trainer.ts';
import { tellWeights, withModel, type OpenModel } from './open-model.ts';

export async function train(
  { config, output }: EngineRequest<'train'>,
  context: EngineContext,
): Promise<TrainResult> {
  await checkOutputFolder(output);
  const source = { model: config.model, adapters: [], precision: config.precision };
  return withModel(source, async (model) => {
    const { data, plan, options, ...totals } = await prepareTraining(
      config,
      model,
      fusionOfDevice(),
    );
    context.emit({ kind: 'prepared', ...totals, totalSteps: plan.totalSteps });
    if (data.tooLong > 0) {
      const text = `${data.tooLong} examples are longer than ${config.sequenceLength} tokens and are left out.`;
      context.emit({ kind: 'notice', text });
    }

    const trainer = newTrainer(model, options, config, context);
    try {
      const steps = await runTraining(trainer, { config, plan, data, ...context });
      const placed = options.layout.adapters[0];
      if (!placed) throw new RangeError('the layout of one adapter has no adapter');
      const adapter = adapterOf(placed, trainer.parameters(), adapterSettings(config));
      await withOutputFolder(output, async (folder) => {
        await writeAdapter(folder, adapter, model.checkpoint.config.numHiddenLayers);
        const settings = `${JSON.stringify(config, null, 2)}\n`;
        await writeFile(join(folder, trainingRecordName), settings);
      });
      return { adapter: output, stopped: steps < plan.totalSteps, steps, ...totals };
    } finally {
      trainer.dispose();
    }
  });
}

/** PiSSA and OLoRA end as plain LoRA of twice the rank: see `frozenRank`. */
function adapterSettings({ model, lora }: TrainingConfig): AdapterSettings {
  const doubled = lora.init === 'pissa' || lora.init === 'olora' ? 2 : 1;
  const alphaFactor = lora.useRslora ? Math.sqrt(doubled) : doubled;
  return {
    baseModel: model,
    rank: doubled * lora.rank,
    alpha: alphaFactor * lora.alpha,
    dropout: lora.dropout,
    useRslora: lora.useRslora,
    useDora: lora.useDora,
  };
}

/** The configuration that made an adapter lies beside it. */
export const trainingRecordName = 'lorikeet-training.json';

function newTrainer(
  { checkpoint }: OpenModel,
  options: TrainProgramOptions,
  { lora, seed }: TrainingConfig,
  context: EngineContext,
): Trainer {
  const { layout } = options;
  const weightOf = (path: string) => checkpoint.read(`${path}.weight`);
  const start = {
    parameters: initialParameters(layout, [{ init: lora.init, seed }], weightOf),
    relativeRates: relativeLearningRates(layout, [lora.loraPlusRatio]),
    seed,
  };
  return new Trainer(options, checkpoint, start, tellWeights(context));
}
