/** How the program is called: help, wrong calls, lists of an empty library. No engine is started here. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { runCli } from './run-cli.ts';

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'lorikeet-cli-'));
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

describe('help', () => {
  const program = buildProgram();

  test('names all commands', () => {
    expect(program.commands.map((command) => command.name())).toEqual([
      ...[
        'doctor',
        'models',
        'runs',
        'train',
        'resume',
        'evaluate',
        'generate',
        'classify',
        'logits',
      ],
      ...['merge', 'compose', 'export', 'origin', 'demo'],
    ]);
  });

  test.each(program.commands.map((command) => [command.name(), command] as const))(
    '%s describes itself and each of its long options',
    (_name, command) => {
      expect(command.description()).not.toBe('');
      for (const option of command.options) {
        expect(option.long).toMatch(/^--/);
        expect(option.short).toBeUndefined();
        expect(option.description).not.toBe('');
      }
    },
  );

  test('--help goes to stdout and is no error', async () => {
    const { code, stdout, stderr } = await runCli(home, ['train', '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('--target-modules <names>');
    expect(stdout).toContain('(default: 0.0002)');
  });
});

describe('a wrong call ends with 2, the reason on stderr and nothing on stdout', () => {
  const train = ['train', '--model', 'm', '--data', 'd', '--output', 'o'];
  const evaluate = ['evaluate', '--model', 'm', '--data', 'd'];

  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });

  test.each([
    [[], 'Usage: lorikeet'],
    [['nothing'], "unknown command 'nothing'"],
    [['doctor', '--nothing'], "unknown option '--nothing'"],
    [['doctor', 'more'], 'too many arguments'],
    [['train'], "required option '--model <MODEL>' not specified"],
    [['train', '--model', 'm', '--data', 'd'], "required option '--output <DIR>' not specified"],
    [[...train, '--rank', 'eight'], '--rank: expected a whole number'],
    [[...train, '--batch-size', '0'], '--batch-size: expected a whole number from 1'],
    [[...train, '--dropout', '1'], '--dropout: expected a number from 0 to below 1'],
    [[...train, '--scheduler', 'steps'], '--scheduler: expected one of cosine, linear, constant'],
    [[...train, '--init', 'zero'], '--init: '],
    [[...train, '--keep', 'nothing'], '--keep: '],
    [[...train, '--base', 'fp4'], '--base: expected one of auto, dense, packed, nf4, int8'],
    [['generate', '--model', 'm', '--prompt', 'p', '--base', 'q4'], '--base: expected one of'],
    [[...train, '--lora-plus-ratio', '0'], '--lora-plus-ratio: expected a number above 0'],
    [[...train, '--rank-pattern', '{"q_proj": 1.5}'], '--rank-pattern: expected JSON such as'],
    [
      [...train, '--alpha-pattern', '{"a": 1, "a": 2}'],
      '--alpha-pattern: it has the key "a" twice',
    ],
    [[...train, '--rank', '4', '--rank', '8'], '--rank is given twice'],
    [[...train, '--model=n'], '--model is given twice'],
    [[...evaluate, '--limit', '1', '--limit', '2'], '--limit is given twice'],
    [[...train, '--map', 'promt=a'], '--map: "promt" is no key of an example'],
    [
      [...train, '--map', 'prompt=a,prompt=b'],
      '--map: "prompt" is mapped twice, to "a" and to "b"',
    ],
    [['evaluate', '--model', 'm', '--data', 'd', '--map', 'a'], '--map: expected a mapping such'],
    [['evaluate', '--model', 'm'], "required option '--data <FILE>' not specified"],
    [[...evaluate, '--data', 'e'], 'several --data make a table: add --matrix'],
    [[...evaluate, '--no-base'], '--no-base is about the table of --matrix'],
    [[...evaluate, '--generate', '--answers', '5'], 'give either --generate or --answers'],
    [[...evaluate, '--matrix', '--data', 'e'], '--matrix needs an --adapter'],
    [[...evaluate, '--matrix', '--adapter', 'a'], '--matrix needs two --data at least'],
    [[...evaluate, '--matrix', '--adapter', 'a', '--data', './d'], 'd is given twice'],
    [
      [...evaluate, '--matrix', '--data', 'e', '--adapter', 'a', '--adapter', 'a'],
      'a is given twice',
    ],
    [['demo', '--map', 'prompt=a,text=a'], '--map: the column "a" is mapped twice'],
    [['demo', '--max-steps', '0'], '--max-steps: expected a whole number from 1'],
    [[...train, '--layers', '3-1'], '--layers: a range of layers ends before it begins'],
    [
      [...train, '--epochs', '1', '--max-steps', '2'],
      '--epochs and --max-steps exclude each other',
    ],
    [[...train, '--find-lr', '--estimate'], '--find-lr and --estimate exclude each other'],
    [[...train, '--rates', '1e-4'], '--rates and --alphas are about --find-lr'],
    [[...train, '--find-lr', '--rates', '1e-4,0'], '--rates: expected numbers above 0'],
    [
      [...train, '--find-lr', '--alphas', '8,16'],
      '--rates and --alphas make 12 trials, and at most 8 are made at once',
    ],
    [[...train, '--problem', 'regression'], '--problem is about --task sequence-classification'],
    [
      ['logits', '--model', 'm', '--tokens', '1,x', '--output', 'o'],
      '--tokens: expected token ids',
    ],
    [['generate', '--model', 'm'], 'give either --prompt or --messages'],
    [
      ['generate', '--model', 'm', '--prompt', 'p', '--top-p', '0'],
      '--top-p: expected a number above 0',
    ],
    [
      ['generate', '--model', 'm', '--prompt', 'p', '--top-p', '0.5'],
      '--top-p is about a --temperature above 0',
    ],
    [[...train, '--halving'], '--halving is about --variants'],
    [['merge', '--model', 'm', '--adapter', 'a', '--output', 'o', '--dtype', 'int8'], '--dtype: '],
  ])('%j', async (args, reason) => {
    const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await main(args);
    expect(process.exitCode).toBe(2);
    expect(stdout).not.toHaveBeenCalled();
    expect(stderr.mock.calls.map(([text]) => String(text)).join('')).toContain(reason);
  });

  test('in a process of its own too, and the data folder stays as it was', async () => {
    const { code, stdout, stderr } = await runCli(home, [...train, '--rank', 'x']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe('error: --rank: expected a whole number\n');
    expect(readdirSync(home)).toEqual([]);
  });
});
