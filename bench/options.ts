/** The command line of the bench. */
import { Command } from 'commander';
import { z } from 'zod';
import { integer, parseOptions, positiveNumber } from '../src/cli/options.ts';
import { keepPolicy, precision } from '../src/shared/contract/training-config.ts';
import { caseNames, isCaseName } from './cases/index.ts';
import { randomShapes } from './quantised/random-shapes.ts';
import { defaults } from './lib/settings.ts';

const shape = z
  .string()
  .regex(/^[1-9]\d*x[1-9]\d*$/, 'expected sizes such as 4x256,1x2048')
  .transform((text) => {
    const [rows = 0, length = 0] = text.split('x').map(Number);
    return { rows, length };
  });

const schema = z.object({
  case: z
    .array(z.string().refine(isCaseName, { error: `the cases are ${caseNames.join(', ')}` }))
    .default([...caseNames]),
  parity: z.boolean().default(false),
  profile: z.boolean().default(false),
  quick: z.boolean().default(false),
  steps: integer(1).optional(),
  jobs: integer(1).default(defaults.jobs),
  targetLoss: positiveNumber.default(defaults.targetLoss),
  newTokens: integer(1).default(defaults.newTokens),
  sizes: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(shape))
    .optional(),
  models: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(randomShapes.map(({ name }) => name))))
    .transform((names) => randomShapes.filter(({ name }) => names.includes(name)))
    .optional(),
  precision: precision.default(defaults.own.precision),
  keep: keepPolicy.default(defaults.own.keep),
  model: z.string().optional(),
  venv: z.string().optional(),
  output: z.string().optional(),
});

export type BenchOptions = z.output<typeof schema>;

/** Throws commander's error for a wrong call and for --help, after it has said what is to be said. */
export function readOptions(args: readonly string[]): BenchOptions {
  const collect = (value: string, before: string[] = []) => [...before, value];
  const command = new Command('npm run bench --')
    .description(
      'Lorikeet and PyTorch + PEFT in turn on this machine. A whole run writes bench/RESULTS.md.',
    )
    .helpOption('--help', 'show this help')
    .exitOverride()
    .option('--case <name>', `only this case, may be repeated: ${caseNames.join(', ')}`, collect)
    .option(
      '--parity',
      'compare logits, gradients and fifty losses instead; fails when one is too far',
    )
    .option('--profile', "show where Lorikeet's steps go on this processor instead")
    .option('--quick', 'two counted turns instead of five')
    .option('--steps <n>', 'counted turns of each side')
    .option('--jobs <n>', 'real jobs of each side')
    .option('--target-loss <nats>', 'validation loss that ends the real job')
    .option('--new-tokens <n>', 'tokens of an answer')
    .option('--sizes <list>', 'batches, such as 4x256,1x2048')
    .option(
      '--models <list>',
      `random models for quantised bases: ${randomShapes.map(({ name }) => name).join(',')}`,
    )
    .option('--precision <name>', "Lorikeet's: auto, float32 or bfloat16")
    .option('--keep <name>', 'what Lorikeet keeps for the backward pass: all, products or inputs')
    .option('--model <path>', 'another model than the starter model')
    .option('--venv <folder>', 'a virtual environment with the packages of bench/requirements.txt')
    .option('--output <file>', 'where the results go; of a whole run bench/RESULTS.md');
  command.parse(args, { from: 'user' });
  return parseOptions(command, schema);
}
