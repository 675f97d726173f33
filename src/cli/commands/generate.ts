/** `lorikeet generate`: one answer to a prompt or a conversation. */
import type { Command } from 'commander';
import { z } from 'zod';
import type { Prompt } from '../../shared/contract/engine.ts';
import { promptOf } from '../../shared/prompt-of.ts';
import { number } from '../../shared/settings/kind.ts';
import { readMessages } from '../messages.ts';
import { addChatOptions, chatOptions, modelSource } from '../model-options.ts';
import { integer, nonNegativeNumber, optionOf, parseOptions, someText } from '../options.ts';
import { createOutput } from '../output.ts';
import { withEngine, type Work } from '../work.ts';

const share = number({
  expected: 'a number above 0, and 1 at most',
  fits: (value) => value > 0 && value <= 1,
});

const schema = z.object({
  ...chatOptions,
  prompt: z.string().min(1, 'expected a text').optional(),
  messages: someText.optional(),
  maxNewTokens: integer(1),
  temperature: nonNegativeNumber,
  topP: optionOf(share),
  seed: integer(0),
  json: z.boolean().default(false),
});

export function addGenerate(program: Command): void {
  const command = addChatOptions(program.command('generate'))
    .description('Answer a prompt, or the last message of a conversation.')
    .option('--prompt <TEXT>', 'what is asked; as a message where the model has a chat template')
    .option('--messages <FILE>', 'JSON file with the messages of a conversation')
    .option('--max-new-tokens <N>', 'longest answer', '64')
    .option('--temperature <T>', '0 always takes the most likely token', '0')
    .option(
      '--top-p <P>',
      'draws from the likeliest tokens that have so much of the probability',
      '1',
    )
    .option('--seed <N>', 'seed of the random choice', '0')
    .option('--json', 'one JSON object')
    .action(async () => {
      const options = parseOptions(command, schema);
      if ((options.prompt === undefined) === (options.messages === undefined)) {
        command.error('error: give either --prompt or --messages');
      }
      if (options.topP < 1 && options.temperature === 0)
        command.error(
          'error: --top-p is about a --temperature above 0, with which answers are drawn',
        );
      const output = createOutput(options.json);
      const { maxNewTokens, temperature, topP, seed } = options;
      const answers = await withEngine(output, async (work) => {
        const source = await modelSource(work, options);
        const prompts = [await promptFor(work, source.model, options)];
        return work.call('generate', {
          ...source,
          prompts,
          options: { maxNewTokens, temperature, topP, seed },
        });
      });
      for (const answer of answers) output.result(answer, () => answer.text);
    });
}

async function promptFor(
  work: Work,
  model: string,
  { prompt = '', messages }: { prompt?: string | undefined; messages?: string | undefined },
): Promise<Prompt> {
  if (messages !== undefined) return readMessages(messages);
  return promptOf(prompt, await work.call('model.inspect', { path: model }));
}
