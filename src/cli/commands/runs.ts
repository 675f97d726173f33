/** `lorikeet runs`: all runs, oldest first, of the studio and the command line. */
import type { Command } from 'commander';
import { z } from 'zod';
import { dataPaths } from '../../main/paths.ts';
import { openStore } from '../../main/store/database.ts';
import { parseOptions } from '../options.ts';
import { createOutput } from '../output.ts';
import { renderTable } from '../table.ts';

const schema = z.object({ json: z.boolean().default(false) });

export function addRuns(program: Command): void {
  const command = program
    .command('runs')
    .description('List the runs, oldest first.')
    .option('--json', 'one JSON object a line')
    .action(() => {
      const { json } = parseOptions(command, schema);
      const output = createOutput(json);
      const runs = listRuns();
      if (json) for (const run of runs) output.result(run);
      else if (runs.length === 0)
        output.text('No run yet. `lorikeet train --help` shows how to start one.');
      else {
        const rows = runs.map(({ id, name, state, step, lastLoss, adapter }) => [
          String(id),
          name,
          state,
          String(step),
          lastLoss === null ? '' : lastLoss.toFixed(4),
          adapter ?? '',
        ]);
        output.text(renderTable(['id', 'name', 'state', 'step', 'loss', 'adapter'], rows));
      }
    });
}

function listRuns() {
  const store = openStore(dataPaths().store);
  try {
    store.runs.recover(false);
    return store.runs.list().map((run) => {
      const { id, name, state, step, lastLoss, base, adapterId } = run;
      const { checkpoint, best, last, early, heldBy, problem, changes, groupId } = run;
      const { forgetting, notes, tags } = run;
      const adapter = adapterId === null ? null : (store.adapters.byId(adapterId)?.path ?? null);
      return {
        ...{ id, name, state, step, lastLoss, base, adapter },
        ...{ checkpoint, best, last, early, heldBy, problem, changes, groupId },
        ...{ forgetting, notes, tags },
      };
    });
  } finally {
    store.close();
  }
}
