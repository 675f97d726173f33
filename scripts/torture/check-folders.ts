/** Whether the folders of a run are whole after a kill, and gone where they have to be at its end. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readCheckpoint } from '../../src/main/engine/resume/read-checkpoint.ts';
import { stepInName } from '../../src/shared/checkpoint-name.ts';
import type { RunRecord } from '../../src/shared/contract/records.ts';
import { toProblem } from '../../src/shared/errors/lorikeet-error.ts';
import { isUnfinished } from '../../src/shared/run-states.ts';

const checkpointsOf = (output: string): string => `${output}.checkpoints`;
const list = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** Checkpoints that are not whole: the one that the run is to go on from, and any that stands there under its name. */
export async function brokenCheckpoints(run: RunRecord): Promise<string[]> {
  const { checkpoint, output } = run;
  const folder = checkpointsOf(output);
  const there = list(folder)
    .filter((name) => stepInName(name) !== null)
    .map((name) => join(folder, name));
  // That of a run that is over is gone before the store forgets it, and it may be killed in between.
  const told = checkpoint === null || !isUnfinished(run) ? [] : [checkpoint.path];
  const faults: string[] = [];
  for (const path of new Set([...told, ...there])) {
    try {
      const { about } = await readCheckpoint(path);
      if (path === checkpoint?.path && about.step !== checkpoint.step)
        faults.push(
          `${basename(path)} is told as of step ${checkpoint.step}, and is of ${about.step}`,
        );
    } catch (thrown) {
      faults.push(`${basename(path)} is not whole: ${toProblem(thrown).what}`);
    }
  }
  return faults;
}

/** Hidden folders of checkpoints that were being written. */
export function partialCheckpoints(output: string): string[] {
  return list(checkpointsOf(output)).filter((name) => name.endsWith('.partial'));
}

/** Hidden folders of checkpoints and adapters that were not finished, and checkpoints; of a run that is over nothing may be left. */
export function leftovers(output: string): string[] {
  const name = basename(output);
  const beside = list(dirname(output)).filter(
    (each) =>
      each.startsWith(`.${name}.`) ||
      each.startsWith(`.${name}-last.`) ||
      each === `${name}.checkpoints`,
  );
  return beside.map((each) => `${each} is left of the run`);
}

/** Files of an adapter by their names: what is not the same in every run that trains the same left out. */
export function adapterFiles(folder: string): Map<string, string> {
  const files = list(folder).sort();
  return new Map(files.map((name) => [name, contentOf(join(folder, name))]));
}

/** Names, places, dates and times are a run's own. */
const own: readonly string[] = ['name', 'date', 'at'];

function contentOf(path: string): string {
  const ownToo = ['lorikeet-training.json', 'lorikeet-origin.json'].includes(basename(path));
  if (!ownToo) return readFileSync(path, 'base64');
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return JSON.stringify(parsed, (key, value: unknown) => (own.includes(key) ? null : value));
}
