/** The command line of the torture. */
import { Command } from 'commander';
import { z } from 'zod';
import { integer, parseOptions } from '../../src/cli/options.ts';
import { kinds } from './victim.ts';

const schema = z.object({
  kills: integer(1).default(300),
  seed: integer(0).default(1),
  kind: z.array(z.enum(kinds)).default([...kinds]),
});

export type TortureOptions = z.output<typeof schema>;

/** Throws commander's error for a wrong call and for --help, after it has said what is to be said. */
export function readOptions(args: readonly string[]): TortureOptions {
  const collect = (value: string, before: string[] = []) => [...before, value];
  const command = new Command('npm run torture --')
    .description('Kills what trains at random moments, and looks whether anything is lost.')
    .helpOption('--help', 'show this help')
    .exitOverride()
    .option('--kills <n>', 'kills in all, over the kinds (default: 300)')
    .option('--seed <n>', 'from which the moments are drawn (default: 1)')
    .option('--kind <name>', `only this kind, may be repeated: ${kinds.join(', ')}`, collect);
  command.parse(args, { from: 'user' });
  return parseOptions(command, schema);
}
