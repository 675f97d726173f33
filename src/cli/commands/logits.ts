/** `lorikeet logits`: the raw scores of every next token, for comparison with other programs. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { addModelOptions, modelOptions, modelSource } from '../model-options.ts';
import { parseOptions, tokenList, someText } from '../options.ts';
import { createOutput } from '../output.ts';
import { withEngine } from '../work.ts';

const schema = z.object({
  ...modelOptions,
  tokens: tokenList,
  output: someText,
  json: z.boolean().default(false),
});

export function addLogits(program: Command): void {
  const command = addModelOptions(program.command('logits'))
    .description('Write the logits of a token sequence: float32 "logits" [1, T, V].')
    .requiredOption('--tokens <IDS>', 'token ids with commas between: 1,2,3')
    .requiredOption('--output <FILE>', 'safetensors file to write')
    .option('--json', 'one JSON object')
    .action(async () => {
      const options = parseOptions(command, schema);
      const output = createOutput(options.json);
      const file = resolve(options.output);
      const { shape } = await withEngine(output, async (work) =>
        work.call('logits', {
          ...(await modelSource(work, options)),
          tokens: options.tokens,
          output: file,
        }),
      );
      output.result({ output: file, shape }, () => `${file}: logits [${shape.join(', ')}]`);
    });
}
