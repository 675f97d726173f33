/** `lorikeet train`: one run, or several at once. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { lorikeetError } from '../../shared/errors/lorikeet-error.ts';
import { usualRates } from '../../shared/rate-search.ts';
import { unlikeValidation } from '../../shared/series.ts';
import { saidOptions, withAdapterForm } from '../adapter-form.ts';
import { parseOptions } from '../options.ts';
import { createOutput } from '../output.ts';
import { tellEstimate } from '../estimate.ts';
import { findRate, wrongSearch } from '../find-rate.ts';
import { trainRun, trainVariants } from '../train-run.ts';
import {
  addTrainingOptions,
  exclusiveOptions,
  namesAllLinear,
  trainingConfigOf,
  trainingFlagOf,
  trainingOptions,
  type TrainingOptions,
} from '../training-options.ts';
import { readVariants } from '../variants.ts';
import { withEngine, type Work } from '../work.ts';

export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .description('Train a LoRA adapter. Ctrl-C stops after the step and writes what there is.')
    .requiredOption('--model <MODEL>', 'name in the library, .gguf file or Hugging Face directory')
    .requiredOption('--data <FILE>', 'file to learn from: JSONL, JSON, CSV, TSV or Parquet')
    .option(
      '--output <DIR>',
      'PEFT adapter to write, new or empty; required unless --estimate or --find-lr',
    );
  addTrainingOptions(command)
    .option(
      '--find-lr',
      `try several learning rates at once over the first steps of the run and tell which learns best; with --output the run is then trained with it`,
    )
    .option('--rates <list>', `learning rates to try (default: ${usualRates.join(',')})`)
    .option('--alphas <list>', 'alphas to try with each of them (default: that of the run)')
    .option('--estimate', 'only tell how much memory and how many steps the run would take')
    .option(
      '--json',
      'one JSON object a line: each step, {"validation": …}, {"health": …} now and then, and the end',
    )
    .action(async () => {
      const options = parseOptions(command, trainingOptions, trainingFlagOf);
      const said = Object.keys(saidOptions(command));
      for (const [one, other] of exclusiveOptions) {
        if (given(options[one]) && given(options[other])) {
          command.error(
            `error: ${trainingFlagOf(one)} and ${trainingFlagOf(other)} exclude each other`,
          );
        }
      }
      if (options.task === 'causal-lm' && options.problem !== 'auto')
        command.error('error: --problem is about --task sequence-classification');
      if (options.halving && options.variants === undefined)
        command.error('error: --halving is about --variants');
      const wrong = wrongSearch(options);
      if (wrong !== null) command.error(`error: ${wrong}`);
      const output = options.estimate
        ? null
        : (options.output ??
          (options.findLr
            ? null
            : command.error("error: required option '--output <DIR>' not specified")));
      await withEngine(createOutput(options.json), async (work) => {
        if (options.variants !== undefined && output !== null) {
          const variants = readVariants(options.variants, command.opts());
          const configs = await configsOf(work, variants, said);
          const why = options.halving ? unlikeValidation(configs) : null;
          // Said before any of them is entered.
          if (why !== null) throw lorikeetError('train/not-to-be-halved', { why });
          await trainVariants(work, configs, output, options.halving);
          return;
        }
        const asked = await configOf(work, options, new Set(said));
        const config = options.findLr ? await findRate(work, asked, options) : asked;
        if (output !== null) await trainRun(work, config, output);
        else if (options.estimate)
          tellEstimate(work.output, await work.call('train.estimate', { configs: [config] }));
      });
    });
}

/** A flag that is not there is false. */
function given(option: unknown): boolean {
  return option !== undefined && option !== false;
}

async function configsOf(
  work: Work,
  variants: ReturnType<typeof readVariants>,
  said: readonly string[],
) {
  const configs: TrainingConfig[] = [];
  for (const { options, keys } of variants)
    configs.push(await configOf(work, options, new Set([...said, ...keys])));
  return configs;
}

/** @param said keys of the options that a person has given */
async function configOf(
  work: Work,
  given: TrainingOptions,
  said: ReadonlySet<string>,
): Promise<TrainingConfig> {
  const model = await work.resolveModel(given.model);
  const { options, targets } = await formOf(work, { ...given, model }, said);
  const needsModules = namesAllLinear(options.targetModules) && options.layers !== undefined;
  const { modules } = needsModules
    ? await work.call('model.inspect', { path: model })
    : { modules: [] };
  return trainingConfigOf(options, modules, targets);
}

async function formOf(work: Work, options: TrainingOptions, said: ReadonlySet<string>) {
  const { model, fromAdapter } = options;
  if (fromAdapter === undefined) return { options, targets: null };
  const request = { model, path: resolve(fromAdapter) };
  // The run tells what there is to be told of the adapter.
  const start = await work.engine.call('adapter.inspect', request, { signal: work.signal });
  return withAdapterForm(options, start, said);
}
