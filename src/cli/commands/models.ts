/** `lorikeet models`: the models of the library, and those that other programs have on this computer. */
import type { Command } from 'commander';
import { z } from 'zod';
import { ModelFinder } from '../../main/found/model-finder.ts';
import type { FoundModel } from '../../shared/contract/found-models.ts';
import type { DeviceReport } from '../../shared/contract/estimates.ts';
import type { ModelDescription, ModelRecord } from '../../shared/contract/records.ts';
import { modelPrograms } from '../../shared/model-programs.ts';
import { roughMemory, type Room } from '../../shared/rough-memory.ts';
import { formatBytes, formatCount } from '../format.ts';
import { parseOptions } from '../options.ts';
import { createOutput, type Output } from '../output.ts';
import { renderTable } from '../table.ts';
import { withEngine, type Work } from '../work.ts';

const schema = z.object({ json: z.boolean().default(false) });

export function addModels(program: Command): void {
  const command = program
    .command('models')
    .description(
      'List the models of the library, and those that Hugging Face, LM Studio, Ollama and llama.cpp have on this computer, with whether they fit into memory.',
    )
    .option('--json', 'one JSON object a line')
    .action(async () => {
      const { json } = parseOptions(command, schema);
      const output = createOutput(json);
      const { device, library, found } = await withEngine(output, lookAround);
      const room = { free: device.freeMemoryBytes, bfloat16: device.nativeBfloat16 };
      for (const { name, path, description } of library)
        output.result({ from: 'library', name, path, ...figures(description, room) });
      for (const model of found) output.result(foundLine(model, room));
      if (!json) tell(output, library, found, room);
    });
}

async function lookAround(work: Work): Promise<{
  device: DeviceReport;
  library: ModelRecord[];
  /** Those that are not in the library. */
  found: FoundModel[];
}> {
  await work.enterStarters();
  const library = work.store().models.list();
  const finder = new ModelFinder({
    describe: (path) => work.engine.call('model.inspect', { path }, { signal: work.signal }),
    tell: (done, total) => {
      work.show({ kind: 'progress', phase: 'Reading what they are', done, total });
    },
  });
  const { models } = await finder.find();
  const known = new Set(library.map(({ path }) => path));
  const found = models.filter(({ path }) => !known.has(path));
  return { device: await work.call('device.inspect', null), library, found };
}

function figures(description: ModelDescription, room: Room) {
  const { architecture, parameters, contextLength, storedAs, fileBytes } = description;
  const memory = roughMemory(description, room);
  return { architecture, parameters, contextLength, storedAs, fileBytes, memory };
}

function foundLine({ program, name, also, path, bytes, look }: FoundModel, room: Room) {
  const place = { from: program, name, also, path };
  switch (look.kind) {
    case 'usable':
      return { ...place, ...figures(look.description, room) };
    case 'unusable':
      return { ...place, fileBytes: bytes, problem: look.problem };
    case 'unread':
      return { ...place, fileBytes: bytes, unread: true };
  }
}

const fits = { fits: 'fits', close: 'only just fits', over: 'too large' } as const;

function tell(
  output: Output,
  library: readonly ModelRecord[],
  found: readonly FoundModel[],
  room: Room,
): void {
  const row = (name: string, description: ModelDescription, path: string, from: string) => {
    const { form, bytes, fit } = roughMemory(description, room);
    const held = form === 'dense' || fit === 'over' ? '' : ` (${form})`;
    const memory = `${fits[fit]}${held}, about ${formatBytes(bytes)}`;
    const { architecture, parameters } = description;
    return [name, architecture, formatCount(parameters), memory, from, path];
  };
  const rows = [
    ...library.map(({ name, description, path }) => row(name, description, path, 'library')),
    ...found.flatMap(({ name, look, path, program }) =>
      look.kind === 'usable' ? [row(name, look.description, path, modelPrograms[program])] : [],
    ),
  ];
  if (rows.length === 0)
    output.text('No model yet. `npm run setup` fetches the starter model; a path works as well.');
  else {
    const header = ['name', 'architecture', 'parameters', 'memory to train', 'from', 'path'];
    output.text(renderTable(header, rows));
    output.text(`${formatBytes(room.free)} of memory are free.`);
  }
  for (const { name, look, program } of found) {
    if (look.kind === 'unusable')
      output.text(`${name} (${modelPrograms[program]}) cannot be trained: ${look.problem.what}`);
  }
}
