/** `lorikeet export`: base and adapters, or the adapters alone, in the form that another program takes. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { exportForm } from '../../shared/contract/exports.ts';
import { exportFormNames, exportForms } from '../../shared/export-forms.ts';
import { describeExport } from '../export-text.ts';
import { adapterSource, mergeBaseOption, otherBaseOption } from '../model-options.ts';
import { parseOptions, someText } from '../options.ts';
import { createOutput } from '../output.ts';
import { withEngine } from '../work.ts';

const schema = z.object({
  model: someText,
  adapter: z.array(someText),
  to: exportForm,
  type: someText.optional(),
  output: someText,
  otherBase: z.boolean().default(false),
  mergeBase: someText.optional(),
  force: z.boolean().default(false),
  json: z.boolean().default(false),
});

export function addExport(program: Command): void {
  const command = program
    .command('export')
    .description('Write a model with its adapters, or adapters alone, for another program.')
    .requiredOption('--model <MODEL>', 'name in the library, .gguf file or Hugging Face directory')
    .option<string[]>(
      '--adapter <DIR>',
      'PEFT adapter; may be given several times, and as DIR=0.5 with a weight; without one the model is written as it is',
      (dir, before) => [...before, dir],
      [],
    )
    .requiredOption('--to <form>', exportFormNames.join(', '))
    .option('--type <type>', typesHelp())
    .requiredOption('--output <PATH>', 'file or folder to write, new')
    .option(...otherBaseOption)
    .option(...mergeBaseOption)
    .option('--force', 'write also a type that loses most of what the adapters change')
    .option('--json', 'one JSON object')
    .action(async () => {
      const options = parseOptions(command, schema);
      const output = createOutput(options.json);
      const { mergeBase } = options;
      const report = await withEngine(output, async (work) =>
        work.call('export', {
          model: await work.resolveModel(options.model),
          adapters: options.adapter.map(adapterSource),
          to: options.to,
          type: options.type ?? null,
          output: resolve(options.output),
          otherBase: options.otherBase,
          ...(mergeBase !== undefined && { mergeBase: await work.resolveModel(mergeBase) }),
          force: options.force,
        }),
      );
      output.result(report, () => describeExport(report));
      if (!report.passed) process.exitCode = 1;
    });
}

/** The types of each form, the usual first. */
function typesHelp(): string {
  return exportFormNames
    .filter((name) => exportForms[name].types.length > 0)
    .map((name) => `${name}: ${exportForms[name].types.join(', ')}`)
    .join('; ');
}
