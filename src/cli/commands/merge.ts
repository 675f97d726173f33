/** `lorikeet merge`: base model + adapter as one Hugging Face directory, with the proof that it answers the same. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { mergeDtype } from '../../shared/contract/merge-report.ts';
import { describeMerge } from '../merge-text.ts';
import { mergeBaseOption, otherBaseOption } from '../model-options.ts';
import { parseOptions, someText } from '../options.ts';
import { createOutput } from '../output.ts';
import { withEngine } from '../work.ts';

const schema = z.object({
  model: someText,
  adapter: someText,
  output: someText,
  dtype: mergeDtype,
  otherBase: z.boolean().default(false),
  mergeBase: someText.optional(),
  json: z.boolean().default(false),
});

export function addMerge(program: Command): void {
  const command = program
    .command('merge')
    .description('Merge an adapter into its base model and prove that the files answer the same.')
    .requiredOption('--model <MODEL>', 'name in the library, .gguf file or Hugging Face directory')
    .requiredOption('--adapter <DIR>', 'PEFT adapter')
    .requiredOption('--output <DIR>', 'Hugging Face directory to write, new or empty')
    .option('--dtype <type>', 'float32, bfloat16 or float16', 'bfloat16')
    .option(...otherBaseOption)
    .option(...mergeBaseOption)
    .option('--json', 'one JSON object')
    .action(async () => {
      const options = parseOptions(command, schema);
      const output = createOutput(options.json);
      const { mergeBase } = options;
      const report = await withEngine(output, async (work) =>
        work.call('merge', {
          model: await work.resolveModel(options.model),
          adapter: resolve(options.adapter),
          output: resolve(options.output),
          dtype: options.dtype,
          otherBase: options.otherBase,
          ...(mergeBase !== undefined && { mergeBase: await work.resolveModel(mergeBase) }),
        }),
      );
      output.result(report, () => describeMerge(report));
      if (!report.passed) process.exitCode = 1;
    });
}
