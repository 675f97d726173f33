/** The forms of one base in turn: the time of a step, of loading, and memory as it was told and as it was. */
import { say } from '../../scripts/lib/say.ts';
import { availableMemory } from '../../src/main/engine/available-memory.ts';
import type { Bench } from '../lib/bench.ts';
import type { TrainedAt } from '../lib/command-line.ts';
import { figureOf, gigabytes, spread, times } from '../lib/figures.ts';
import type { Ratio } from '../lib/result.ts';
import { takeTurns } from '../lib/turns.ts';
import { BaseRuns, type FormOfModel } from './base-runs.ts';
import { batch, type Part } from './part.ts';
import type { RandomShape } from './random-shapes.ts';

/** Processes of each form that count: each loads the model anew. */
const turns = 2;

export const formsHeader = [
  'model',
  'base',
  's / step',
  's to load',
  'peak',
  'estimate',
  'estimate / peak',
];

/** What is asked of the base of 4 bits. */
type Comparison = NonNullable<RandomShape['comparison']>;

type Measured = { base: FormOfModel; step: number; load: number; peakBytes: number; ratio: string };

/** Gives the peak with NF4 besides, null where that was not run. */
export async function compareForms(
  bench: Bench,
  name: string,
  goals: Comparison,
  forms: readonly FormOfModel[],
): Promise<Part & { peakBytes: number | null }> {
  const runs = new BaseRuns(bench, `${name}, forms`);
  const notes: string[] = [];
  const fitting: { base: FormOfModel; estimate: number }[] = [];
  for (const base of forms) {
    const { totalBytes: estimate } = await runs.estimate(base);
    const free = availableMemory();
    if (estimate < free) fitting.push({ base, estimate });
    else
      notes.push(
        `${name}, ${base.form}: not run, it would take ${gigabytes(estimate)} where ${gigabytes(free)} are free.`,
      );
  }
  const found = await takeTurns<TrainedAt>(
    fitting.map(({ base }) => ({ warmups: 0, turn: () => runs.run(base) })),
    Math.min(turns, bench.settings.counted),
  );
  const rows: string[][] = [];
  const measured = fitting.map(({ base, estimate }, i): Measured => {
    const own = found[i] ?? [];
    const step = figureOf(own.flatMap(({ stepSeconds }) => stepSeconds.slice(1)));
    const load = figureOf(own.map(({ loadSeconds }) => loadSeconds));
    const peakBytes = Math.max(...own.map((each) => each.peakBytes));
    const ratio = (estimate / peakBytes).toFixed(2);
    const bytes = [gigabytes(peakBytes), gigabytes(estimate), ratio];
    rows.push([name, base.form, spread(step), spread(load, 1), ...bytes]);
    say(`  ${rows.at(-1)?.join(', ') ?? ''}`);
    return { base, step: step.median, load: load.median, peakBytes, ratio };
  });
  const nf4 = measured.find(({ base }) => base.form === 'nf4');
  const ratios = [...ratiosOf(name, measured), ...(nf4 ? judged(name, nf4, goals) : [])];
  return { rows, notes, ratios, peakBytes: nf4?.peakBytes ?? null };
}

function ratiosOf(name: string, measured: readonly Measured[]): Ratio[] {
  const dense = measured.find(({ base }) => base.form === 'dense');
  return measured.flatMap(({ base: { form }, step, ratio }): Ratio[] => {
    const what = `${name}, ${form}`;
    const told = { what: `estimated / measured peak, ${what}`, found: ratio, goal: '0.85 – 1.15' };
    if (!dense || form === 'dense') return [told];
    const found = times(step / dense.step);
    // The goal is one for 4 bits.
    const goal = form === 'int8' ? 'none' : '≤ 1.15 ×';
    return [told, { what: `step of ${batch.length} tokens, ${what} / dense`, found, goal }];
  });
}

function judged(name: string, { load, peakBytes }: Measured, goals: Comparison): Ratio[] {
  return [
    {
      what: `peak memory, ${name}, nf4, layer inputs only`,
      found: gigabytes(peakBytes),
      goal: `≤ ${gigabytes(goals.peakBytes)}`,
    },
    {
      what: `loading and quantising, ${name}, nf4`,
      found: `${load.toFixed(1)} s`,
      goal: `≤ ${goals.loadSeconds} s`,
    },
  ];
}
