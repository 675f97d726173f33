/** The one log of faults and crashes of all processes, for whoever looks into them: a file of the data folder. Free of Electron. */
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { toProblem } from '../shared/errors/lorikeet-error.ts';

/** At this size the file becomes `….1`, `….1` becomes `….2` and so on, and a new one begins. */
const limitBytes = 1_000_000;
/** Files that are kept besides the one that is written. */
const oldFiles = 3;

export type Log = {
  readonly path: string;
  note(text: string): void;
  /** `where` says what was being done. */
  fault(where: string, thrown: unknown): void;
};

/** A log in the file `path`. What cannot be written is only shown: a full disk must not stop the studio. */
export function openLog(path: string): Log {
  function write(line: string): void {
    try {
      mkdirSync(dirname(path), { recursive: true });
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > limitBytes) rotate(path);
      appendFileSync(path, `${new Date().toISOString()} ${line}\n`);
    } catch {
      process.stderr.write(`${line}\n`);
    }
  }
  return {
    path,
    note: write,
    fault(where, thrown) {
      const problem = toProblem(thrown);
      const stack = thrown instanceof Error && thrown.stack ? `\n${thrown.stack}` : '';
      write(`${where}: ${problem.code}: ${problem.what}${stack}`);
      process.stderr.write(`${where}: ${problem.what}\n`);
    },
  };
}

function rotate(path: string): void {
  for (let number = oldFiles; number > 1; number--) {
    const younger = `${path}.${number - 1}`;
    if (existsSync(younger)) renameSync(younger, `${path}.${number}`);
  }
  renameSync(path, `${path}.1`);
}
