/** Has a run go on, as `lorikeet resume` does: until there is such a command. */
import { createOutput } from '../../src/cli/output.ts';
import { withEngine } from '../../src/cli/work.ts';
import { executeRun } from '../../src/main/runs.ts';
import { LorikeetError } from '../../src/shared/errors/lorikeet-error.ts';

await withEngine(createOutput(true), async (work) => {
  const { engine, output } = work;
  const run = await executeRun({ store: work.store(), engine }, Number(process.argv[2]), {
    onEvent: (event) => {
      if (event.kind === 'step') output.result(event.point);
      if (event.kind === 'validation') output.result({ validation: event.point });
      if (event.kind === 'health') output.result({ health: event.point });
    },
  });
  if (run.problem !== null) throw new LorikeetError(run.problem);
});
