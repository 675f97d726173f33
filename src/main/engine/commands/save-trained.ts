/** Puts a trained adapter into its folder, with the configuration and the origin beside it. */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { EngineContext, TrainRequest } from '../../../shared/contract/engine.ts';
import type { TrainingOrigin } from '../../../shared/contract/origin.ts';
import { toProblem } from '../../../shared/errors/lorikeet-error.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import { adapterFileNames, writeAdapter } from '../checkpoint/peft-adapter.ts';
import { keepInFolder } from '../export/output-folder.ts';
import { trainingRecordName } from '../export/training-record.ts';
import type { Architecture } from '../model/architecture.ts';
import { sha256Of } from '../origin/fingerprint.ts';
import { writeOrigin } from '../origin/origin-file.ts';
import { tellMoved } from './tell-moved.ts';

type Saved = { adapter: string; origin: TrainingOrigin | null };

/**
 * Writes the adapter to `output`, to `rescue` where that takes nothing, and as a last place to the folder for temporary files.
 * An origin that cannot be told, since a file of it is gone, costs no adapter: it is told, and not written.
 */
export async function saveTrained(
  { config, output, rescue, begun = false }: TrainRequest,
  adapter: Adapter,
  { config: { numHiddenLayers: layers }, linears }: Architecture,
  origin: Promise<TrainingOrigin>,
  emit: EngineContext['emit'],
): Promise<Saved> {
  const known = await origin.catch((thrown: unknown) => {
    const { what, where } = toProblem(thrown);
    const text = `Where the adapter comes from is not written beside it: ${where ?? ''} ${what}`;
    emit({ kind: 'notice', text });
    return null;
  });
  const last = join(tmpdir(), `lorikeet-${basename(output)}`);
  const places = rescue === undefined ? [last] : [rescue, last];
  const placed = await keepInFolder(
    output,
    places,
    async (folder) => {
      await writeAdapter(folder, adapter, { layers, linears });
      const settings = `${JSON.stringify(config, null, 2)}\n`;
      await writeFile(join(folder, trainingRecordName), settings);
      if (known) await writeOrigin(folder, known);
    },
    begun ? holdsSameAdapter : undefined,
  );
  tellMoved(placed, output, emit);
  return { adapter: placed.path, origin: known };
}

/** A run that was killed after its adapter was written, and before anybody knew, writes it again, bit for bit. */
async function holdsSameAdapter(there: string, made: string): Promise<boolean> {
  for (const name of adapterFileNames) {
    const [one, other] = [join(there, name), join(made, name)];
    if (!existsSync(one) || (await sha256Of(one)) !== (await sha256Of(other))) return false;
  }
  return true;
}
