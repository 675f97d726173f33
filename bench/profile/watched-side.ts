/** Lorikeet's side with what it says of its steps: oneDNN's lines, TensorFlow's traces, and the time that its cores worked. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { Batch } from '../protocol.ts';
import { ownSide, type Own } from '../lib/sides.ts';
import type { Seen } from './account.ts';
import { onednnMark, parseOnednnLine, type OnednnCall } from './onednn-line.ts';
import { readTraces } from './step-stats.ts';

export type WatchedStep = Seen & {
  /** Of all threads of the process, in seconds. */
  processorSeconds: number;
};

export type WatchedSide = { own: Own; step: (batch: Batch) => Promise<WatchedStep> };

/** One that says nothing, to compare with. */
export function plainSide(): WatchedSide {
  const own = ownSide();
  return { own, step: (batch) => timed(own, batch) };
}

/**
 * @param library as from `traceLibrary`
 * @param traces a path that is free
 */
export function tracedSide(library: string, traces: string): WatchedSide {
  let onednn: OnednnCall[] = [];
  const env = {
    LD_PRELOAD: library,
    LORIKEET_STEP_STATS: traces,
    ONEDNN_VERBOSE: 'profile_exec',
  };
  const own = ownSide({
    env,
    aside: (line) => {
      const call = parseOnednnLine(line);
      if (call) onednn.push(call);
      return line.startsWith(onednnMark);
    },
  });
  const step = async (batch: Batch) => {
    onednn = [];
    if (existsSync(traces)) rmSync(traces);
    const result = await timed(own, batch);
    return { ...result, onednn, sessions: readTraces(readFileSync(traces)) };
  };
  return { own, step };
}

async function timed(own: Own, batch: Batch): Promise<WatchedStep> {
  const before = processorSeconds(own.pid);
  const { seconds } = await own.ask('step', { batch });
  const worked = processorSeconds(own.pid) - before;
  return { seconds, processorSeconds: worked, onednn: [], sessions: [] };
}

/** Clock ticks of /proc are hundredths of a second on every processor that Linux runs TensorFlow on. */
const ticks = 100;

/** utime and stime of a process with all its threads (proc(5)). */
function processorSeconds(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field, the program's name, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = NaN, system = NaN] = fields.slice(11, 13).map(Number);
  return (user + system) / ticks;
}
