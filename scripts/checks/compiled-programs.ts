/** The folder in which the processes of a run of tests share what XLA has compiled, and its end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const variable = 'LORIKEET_COMPILED_PROGRAMS';

/** The folder of the run that this process belongs to: made by the first process that asks, and gone when that one ends. */
export function programsOfRun(): string {
  const known = process.env[variable];
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-programs-'));
  process.env[variable] = folder;
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
