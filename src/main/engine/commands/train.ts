/** `train`: from a configuration and files to an adapter. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineContext, EngineRequest, TrainResult } from '../../../shared/contract/engine.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { describeCheckpoint } from '../checkpoint/checkpoint.ts';
import { writeAdapter } from '../checkpoint/peft-adapter.ts';
import { checkOutputFolder, withOutputFolder } from '../export/output-folder.ts';
import { adapterOf, type AdapterSettings } from '../lora/adapter-bank.ts';
import { initialParameters } from '../lora/init.ts';
import { layOut, trainableParameters, type BankLayout } from '../lora/layout.ts';
import { relativeLearningRates } from '../lora/learning-rates.ts';
import { resolveTargets } from '../lora/targets.ts';
import { fusionOfDevice } from '../runtime/device.ts';
import { lossCapacity } from '../score/loss.ts';
import { planSteps, trainingData, type TrainingData } from '../train/plan.ts';
import { runTraining } from '../train/run.ts';
import { mostLearnt, Trainer } from '../train/trainer.ts';
import { tellWeights, withModel, type OpenModel } from './open-model.ts';

export async function train(
  { config, output }: EngineRequest<'train'>,
  context: EngineContext,
): Promise<TrainResult> {
  await checkOutputFolder(output);
  const source = { model: config.model, adapters: [], precision: config.precision };
  return withModel(source, async (model) => {
    const adapted = resolveTargets(model.checkpoint.config, config.lora);
    const layout = layOut([adapted]);
    const data = await trainingData(config, model.tokenizer);
    const plan = planSteps(config, data.blocks.length);
    const totals = {
      trainableParameters: layout.adapters.reduce(
        (sum, each) => sum + trainableParameters(each),
        0,
      ),
      totalParameters: describeCheckpoint(model.checkpoint).parameters + layout.size,
    };
    context.emit({ kind: 'prepared', ...totals, totalSteps: plan.totalSteps });
    if (data.tooLong > 0) {
      const text = `${data.tooLong} examples are longer than ${config.sequenceLength} tokens and are left out.`;
      context.emit({ kind: 'notice', text });
    }

    const trainer = newTrainer(model, layout, config, data, context);
    try {
      const steps = await runTraining(trainer, { config, plan, data, ...context });
      const placed = layout.adapters[0];
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
  { checkpoint, computeType }: OpenModel,
  layout: BankLayout,
  config: TrainingConfig,
  data: TrainingData,
  context: EngineContext,
): Trainer {
  const rows = Math.min(config.batchSize, data.blocks.length);
  const all = [...data.blocks, ...data.validation];
  return new Trainer(
    {
      config: checkpoint.config,
      layout,
      shape: { rows, length: config.sequenceLength },
      capacity: lossCapacity(mostLearnt(all, rows)),
      computeType,
      fusion: fusionOfDevice(),
      keep: config.keep,
      dropout: config.lora.dropout,
      weightDecay: config.weightDecay,
      maxGradNorm: config.maxGradNorm,
    },
    checkpoint,
    {
      parameters: initialParameters(
        layout,
        [{ init: config.lora.init, seed: config.seed }],
        (path) => checkpoint.read(`${path}.weight`),
      ),
      relativeRates: relativeLearningRates(layout, [config.lora.loraPlusRatio]),
      seed: config.seed,
    },
    tellWeights(context),
  );
}
