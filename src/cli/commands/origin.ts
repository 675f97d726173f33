/** `lorikeet origin`: what an adapter or an exported model was made of, as far back as it is known. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { parseOptions } from '../options.ts';
import { describeOrigin } from '../origin-text.ts';
import { createOutput } from '../output.ts';
import { withEngine } from '../work.ts';

const schema = z.object({ json: z.boolean().default(false) });

export function addOrigin(program: Command): void {
  const command = program
    .command('origin')
    .description('Tell where an adapter or an exported model came from.')
    .argument('<PATH>', "an adapter's folder, an exported model's folder or file")
    .option('--json', 'one JSON object')
    .action(async (given: string) => {
      const output = createOutput(parseOptions(command, schema).json);
      const path = resolve(given);
      const origin = await withEngine(output, (work) => work.call('origin.read', { path }));
      output.result({ path, origin }, () => describeOrigin(path, origin));
    });
}
