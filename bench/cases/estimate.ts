/** (i) The memory that is told before a run, against the memory that the run takes. */
import { join } from 'node:path';
import { z } from 'zod';
import { project } from '../../scripts/lib/project.ts';
import { say } from '../../scripts/lib/say.ts';
import { trainEstimate, type MemoryEstimate } from '../../src/shared/contract/estimates.ts';
import type { KeepPolicy } from '../../src/shared/contract/training-config.ts';
import { showShape, type Shape } from '../lib/batches.ts';
import type { Bench } from '../lib/bench.ts';
import { gigabytes } from '../lib/figures.ts';
import { lorikeet } from '../lib/own-command.ts';
import type { CaseResult } from '../lib/result.ts';

/** Nothing grows after the second. */
const trainingSteps = 2;

type Configuration = {
  shape: Shape;
  keep: KeepPolicy;
  rank: number;
  what: string;
  options: string[];
};

/** They differ in what takes the memory: blocks, what is kept, the optimiser's vectors, how much is differentiated. */
function configurations(layers: number, rank: number): Configuration[] {
  const shape = { rows: 4, length: 256 };
  const usual = { shape, keep: 'products', rank, what: 'all linear modules', options: [] } as const;
  const topThird = `${layers - Math.ceil(layers / 3)}-${layers - 1}`;
  const changes: Partial<Configuration>[] = [
    {},
    { shape: { rows: 4, length: 512 } },
    { shape: { rows: 2, length: 512 }, keep: 'all', rank: 2 * rank },
    { shape: { rows: 1, length: 2048 }, keep: 'inputs' },
    { keep: 'inputs', rank: 8 * rank },
    {
      what: 'q and v of the top third',
      options: ['--target-modules', 'q_proj,v_proj', '--layers', topThird],
    },
    {
      shape: { rows: 2, length: 256 },
      what: 'all linear modules, DoRA',
      options: ['--dora'],
    },
  ];
  return changes.map((change) => ({ ...usual, options: [], ...change }));
}

export async function estimate(bench: Bench): Promise<CaseResult> {
  const { settings, materials } = bench;
  const rows: string[][] = [];
  const ratios: number[] = [];
  for (const each of configurations(materials.architecture.config.numHiddenLayers, settings.rank)) {
    const { memory, peakBytes } = await measure(bench, each);
    const ratio = memory.totalBytes / peakBytes;
    ratios.push(ratio);
    const parts = [memory.weightBytes, memory.adapterBytes, memory.activationBytes];
    rows.push([
      ...[showShape(each.shape), each.keep, String(each.rank), each.what],
      ...[memory.runtimeBytes, ...parts, memory.totalBytes, peakBytes].map(gigabytes),
      ratio.toFixed(2),
    ]);
    say(`• ${rows.at(-1)?.join(', ') ?? ''}`);
  }
  const extremes = [Math.min(...ratios), Math.max(...ratios)];
  return {
    title: '(i) Memory told before a run',
    notes: [
      `\`lorikeet train --estimate\`, and the peak that \`lorikeet train\` measures (VmHWM) over ${trainingSteps} steps on the sample data, each in a process of its own.`,
    ],
    tables: [
      {
        header: [
          ...['batch', 'keeps', 'rank', 'adapted', 'runtime', 'weights', 'adapter'],
          ...['activations', 'estimate', 'peak', 'estimate / peak'],
        ],
        rows,
      },
    ],
    ratios: [
      {
        what: `estimated / measured peak memory, ${rows.length} configurations`,
        found: extremes.map((ratio) => ratio.toFixed(2)).join(' – '),
        goal: '0.85 – 1.15',
      },
    ],
  };
}

const done = z.object({ done: z.literal(true), peakMemoryBytes: z.number().positive() });

async function measure(
  { materials, settings }: Bench,
  { shape, keep, rank, options }: Configuration,
): Promise<{ memory: MemoryEstimate; peakBytes: number }> {
  const home = materials.scratch('home');
  const args = [
    ...['train', '--model', materials.model],
    ...['--data', join(project, 'resources/samples/smart-home.train.jsonl')],
    ...['--batch-size', String(shape.rows), '--sequence-length', String(shape.length)],
    ...['--keep', keep, '--rank', String(rank), '--alpha', String(2 * rank)],
    ...['--precision', settings.own.precision, '--max-steps', String(trainingSteps), ...options],
  ];
  const { memory } = trainEstimate.parse(await lorikeet(home, [...args, '--estimate']));
  const name = ['estimated', showShape(shape), keep, rank, ...options].join(' ');
  const output = ['--output', materials.scratch(name)];
  const run = done.parse(await lorikeet(home, [...args, ...output]));
  return { memory, peakBytes: run.peakMemoryBytes };
}
