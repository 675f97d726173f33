/** The command line as a victim: `lorikeet train`, and `lorikeet resume` after each kill. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { programFiles } from '../lib/program-files.ts';
import { trainArguments } from './job.ts';
import { Killer } from './killer.ts';
import { lifeClock, type Moment } from './moment.ts';
import { watchPartials } from './partial-watch.ts';
import { addLine, nothingShown } from './shown.ts';
import type { Session, Victim } from './victim.ts';

const entry = programFiles().commandLine;

export function cliVictim(folder: string): Victim {
  const home = join(folder, 'home');
  return {
    // Queued: it was killed after the run was entered or taken up, and before it began. `resume` takes up what waits for a process that is gone.
    ...{ home, marks: false, goesOn: new Set(['queued', 'interrupted', 'finished']) },
    outputOf: (id) => join(folder, 'adapters', String(id)),
    session({ job, data, output, id, stored }, moment) {
      const goOn = ['resume', String(id), '--json'];
      const args = stored ? goOn : trainArguments(job, data, output);
      return cliSession([entry, ...args], home, output, moment);
    },
    close: () => Promise.resolve(),
  };
}

/** Runs the program with the arguments on a data folder, to its end or to the moment. */
async function cliSession(
  args: readonly string[],
  home: string,
  output: string,
  moment: Moment | null,
): Promise<Session> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    env: { ...process.env, LORIKEET_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const clock = lifeClock();
  const killer = new Killer(moment, () => {
    child.kill('SIGKILL');
  });
  killer.started();
  const endWatch = watchPartials(output, (of) => {
    killer.partial(of);
  });
  const shown = nothingShown();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const step = addLine(shown, line);
    if (step === null) return;
    clock.step();
    killer.step(step);
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.once('exit', () => {
    killer.release();
  });
  await once(child, 'close');
  endWatch();
  const { exitCode, signalCode } = child;
  // It may have ended by itself in the very moment.
  const killed = killer.killed && signalCode === 'SIGKILL';
  const failed = exitCode !== 0 && !killed;
  const complaint = failed
    ? `it ended with ${exitCode ?? signalCode ?? 'nothing'}: ${stderr}`
    : null;
  return { killed, shown, complaint, noticed: null, seen: null, life: clock.over() };
}
