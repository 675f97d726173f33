/** `lorikeet resume`: has a run go on that is paused or interrupted, one by itself or the variants that it was trained with. */
import type { Command } from 'commander';
import { z } from 'zod';
import { claimRun } from '../../main/go-on.ts';
import { findRun } from '../find-run.ts';
import { parseOptions } from '../options.ts';
import { createOutput } from '../output.ts';
import { goesOnFrom } from '../run-text.ts';
import { executeRuns } from '../train-run.ts';
import { withEngine } from '../work.ts';

const schema = z.object({ json: z.boolean().default(false) });

export function addResume(program: Command): void {
  const command = program
    .command('resume')
    .description(
      'Have a run go on from its last checkpoint. Ctrl-C stops it and writes what there is.',
    )
    .argument('<RUN>', 'number or name of a run that is paused or interrupted, see `lorikeet runs`')
    .option('--json', 'one JSON object a line, as of `lorikeet train`')
    .action(async (named: string) => {
      const { json } = parseOptions(command, schema);
      await withEngine(createOutput(json), async (work) => {
        const run = findRun(work.store(), named);
        const ids = claimRun(work.store(), run.id);
        work.output.note(`Run ${run.id} (${run.name}). ${goesOnFrom(run)}.`);
        await executeRuns(work, ids);
      });
    });
}
