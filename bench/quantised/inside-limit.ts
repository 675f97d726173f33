/** A run of a few steps that may not hold more than so much memory. */
import { gigabytes, figureOf, spread } from '../lib/figures.ts';
import type { Bench } from '../lib/bench.ts';
import type { Ratio } from '../lib/result.ts';
import { BaseRuns, type FormOfModel } from './base-runs.ts';
import { memoryLimit } from '../lib/memory-limit.ts';
import type { Part } from './part.ts';

export const limitHeader = ['model', 'base', 'limit', 's / step', 's to load', 'peak', 'losses'];

/**
 * The peak is held against the limit, too: pages of TensorFlow's library that another process read first are not counted by
 * Linux' limit, and where this user can set none, nothing else is. A run that the limit ends is a result, too.
 */
export async function runInside(
  bench: Bench,
  name: string,
  base: FormOfModel,
  bytes: number,
): Promise<Part> {
  const limit = memoryLimit(bytes);
  const notes = limit
    ? []
    : [`${name}: this user may not limit memory here, so that the peak was only watched.`];
  const judged = (found: string): Ratio => ({
    what: `steps inside ${gigabytes(bytes)}, ${name}, ${base.form}`,
    found,
    goal: 'run',
  });
  try {
    const run = await new BaseRuns(bench, `${name}, limited`).run(base, limit);
    const [losses = []] = run.losses;
    const row = [
      ...[name, base.form, `${gigabytes(bytes)}, ${limit ? 'enforced' : 'watched'}`],
      ...[spread(figureOf(run.stepSeconds.slice(1))), run.loadSeconds.toFixed(1)],
      ...[gigabytes(run.peakBytes), losses.map((loss) => loss.toFixed(4)).join(', ')],
    ];
    return { rows: [row], notes, ratios: [judged(run.peakBytes <= bytes ? 'run' : 'take more')] };
  } catch (error) {
    const how = error instanceof Error ? error.message : String(error);
    return { rows: [], notes: [...notes, how], ratios: [judged('do not run')] };
  } finally {
    limit?.remove();
  }
}
