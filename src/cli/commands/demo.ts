/** `lorikeet demo`: the main job on the starter model and the sample data, from the first answers to the proof of merge. */
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { starterModelName } from '../../shared/cache-layout.mjs';
import { locateResources } from '../../main/resources.ts';
import { integer, parseOptions, someText } from '../options.ts';
import { createOutput } from '../output.ts';
import { valuesOf } from '../../shared/settings/setting.ts';
import { dataSettings } from '../../shared/settings/table.ts';
import { addSettingOptions, defaultedShape } from '../setting-options.ts';
import { byKey, trainingFlagOf } from '../training-options.ts';
import { runDemo } from '../demo/run.ts';
import { withEngine } from '../work.ts';

const options = z.object({
  output: someText.optional(),
  model: someText,
  data: someText.optional(),
  validation: someText.optional(),
  steps: integer(1).optional(),
  limit: integer(1).optional(),
  ...defaultedShape(dataSettings),
});
const schema = z.preprocess(byKey, options);

export function addDemo(program: Command): void {
  const command = program
    .command('demo')
    .description(
      'The whole job on the starter model and the sample data: answers before, training, answers after, merge, proof.',
    )
    .option(
      '--output <DIR>',
      'where the adapter and the merged model go (default: a new folder of the data folder)',
    )
    .option('--model <MODEL>', 'another model', starterModelName)
    .option('--data <FILE>', 'other data to learn from')
    .option('--validation <FILE>', 'other held-out data')
    .option('--max-steps <N>', 'a shorter training')
    .option('--limit <N>', 'count exact answers on the first N held-out examples only');
  addSettingOptions(command, dataSettings);
  command.action(async () => {
    const options = parseOptions(command, schema, trainingFlagOf);
    await withEngine(createOutput(false), async (work) => {
      const { samples } = locateResources();
      const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
      const report = await runDemo(work, {
        output: resolve(options.output ?? join(work.paths.home, 'demo', stamp)),
        model: await work.resolveModel(options.model),
        data: resolve(options.data ?? join(samples, 'smart-home.train.jsonl')),
        validation: resolve(options.validation ?? join(samples, 'smart-home.validation.jsonl')),
        ...valuesOf(dataSettings, options),
        maxSteps: options.steps ?? null,
        limit: options.limit ?? null,
      });
      if (!report.passed) process.exitCode = 1;
    });
  });
}
