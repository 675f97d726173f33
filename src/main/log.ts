/** Notes of the main process for whoever looks into a fault: in a file of the data folder and on stderr. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { toProblem } from '../shared/errors/lorikeet-error.ts';

/** At this size the file becomes `….old`, and a new one begins. */
const limitBytes = 1_000_000;

export type Log = {
  note(text: string): void;
  /** `where` says what was being done. */
  fault(where: string, thrown: unknown): void;
};

/** A log in the file `path`. What cannot be written is only shown: a full disk must not stop the studio. */
export function openLog(path: string): Log {
  function write(line: string): void {
    try {
      mkdirSync(dirname(path), { recursive: true });
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > limitBytes)
        renameSync(path, `${path}.old`);
      appendFileSync(path, `${new Date().toISOString()} ${line}\n`);
    } catch {
      process.stderr.write(`${line}\n`);
    }
  }
  return {
    note: write,
    fault(where, thrown) {
      const problem = toProblem(thrown);
      const stack = thrown instanceof Error && thrown.stack ? `\n${thrown.stack}` : '';
      write(`${where}: ${problem.code}: ${problem.what}${stack}`);
      process.stderr.write(`${where}: ${problem.what}\n`);
    },
  };
}
