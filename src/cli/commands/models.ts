/** `lorikeet models`: the models of the library. */
import type { Command } from 'commander';
import { z } from 'zod';
import { formatCount } from '../format.ts';
import { parseOptions } from '../options.ts';
import { createOutput } from '../output.ts';
import { renderTable } from '../table.ts';
import { withEngine } from '../work.ts';

const schema = z.object({ json: z.boolean().default(false) });

export function addModels(program: Command): void {
  const command = program
    .command('models')
    .description('List the models of the library.')
    .option('--json', 'one JSON object a line')
    .action(async () => {
      const { json } = parseOptions(command, schema);
      const output = createOutput(json);
      const models = await withEngine(output, async (work) => {
        await work.enterStarters();
        return work.store().models.list();
      });
      if (json) {
        for (const { name, path, description } of models) {
          const { architecture, parameters } = description;
          output.result({ name, path, architecture, parameters });
        }
      } else if (models.length === 0) {
        output.text(
          'No model yet. `npm run setup` fetches the starter model; a path works as well.',
        );
      } else {
        const rows = models.map(({ name, path, description: { architecture, parameters } }) => [
          name,
          architecture,
          formatCount(parameters),
          path,
        ]);
        output.text(renderTable(['name', 'architecture', 'parameters', 'path'], rows));
      }
    });
}
