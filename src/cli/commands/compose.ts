/** `lorikeet compose`: adapters of one base made into one, with how far it is from their weighted sum. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import {
  compositionDefaults,
  compositionKind,
  compositionKinds,
  usesOption,
  type CompositionKind,
  type CompositionOption,
} from '../../shared/contract/composition.ts';
import { keysOf } from '../../shared/settings/setting.ts';
import { describeComposition } from '../composition-text.ts';
import { adapterSource, otherBaseOption } from '../model-options.ts';
import { integer, parseOptions, positiveNumber, someText } from '../options.ts';
import { createOutput } from '../output.ts';
import { withEngine } from '../work.ts';

const schema = z.object({
  model: someText,
  adapter: z.array(someText),
  kind: compositionKind,
  rank: integer(1).optional(),
  density: positiveNumber.optional(),
  seed: integer(0).optional(),
  output: someText.optional(),
  otherBase: z.boolean().default(false),
  json: z.boolean().default(false),
});

export function addCompose(program: Command): void {
  const command = program
    .command('compose')
    .description(
      'Make adapters of one base into one adapter, and tell how far it is from T, the weighted sum of what they change.',
    )
    .requiredOption('--model <MODEL>', 'name in the library, .gguf file or Hugging Face directory')
    .requiredOption<string[] | undefined>(
      '--adapter <DIR>',
      'PEFT adapter, given several times, and as DIR=0.5 with a weight (a folder of that whole name comes first)',
      (dir, before = []) => [...before, dir],
    )
    .option('--kind <kind>', keysOf(compositionKinds).join(', '), 'exact')
    .option(
      '--rank <R>',
      `of the new adapter, with ${usedBy('rank')} (default: that of the adapters)`,
    )
    .option(
      '--density <D>',
      `share of each adapter's changes that stays, with ${usedBy('density')} (default: ${compositionDefaults.density})`,
    )
    .option(
      '--seed <N>',
      `of the choice of what stays, with ${usedBy('seed')} (default: ${compositionDefaults.seed})`,
    )
    .option(
      '--output <DIR>',
      'folder of the new adapter, new or empty; left out, only figures are told',
    )
    .option(...otherBaseOption)
    .option('--json', 'one JSON object')
    .addHelpText('after', `\nKinds:\n${saidKinds()}`)
    .action(async () => {
      const options = parseOptions(command, schema);
      const output = createOutput(options.json);
      const report = await withEngine(output, async (work) =>
        work.call('compose', {
          model: await work.resolveModel(options.model),
          adapters: options.adapter.map(adapterSource),
          kind: options.kind,
          rank: options.rank ?? null,
          density: options.density ?? null,
          seed: options.seed ?? null,
          output: options.output === undefined ? null : resolve(options.output),
          otherBase: options.otherBase,
        }),
      );
      output.result(report, () => describeComposition(report));
    });
}

function kindsWith(option: CompositionOption): CompositionKind[] {
  return keysOf(compositionKinds).filter((kind) => usesOption(kind, option));
}

function usedBy(option: CompositionOption): string {
  return kindsWith(option).join(', ');
}

function saidKinds(): string {
  return keysOf(compositionKinds)
    .map((kind) => `  ${kind.padEnd(12)} ${compositionKinds[kind].help}`)
    .join('\n');
}
