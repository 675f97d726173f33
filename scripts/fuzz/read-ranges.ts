/** Reads ranges of inputs as it is sent them, one input after another, and tells of each how it ended, its time on the processor and its memory. */
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { readMemory, resetHighWater } from '../../src/main/engine/process-memory.ts';
import { LorikeetError } from '../../src/shared/errors/lorikeet-error.ts';
import { writeInput } from './input.ts';
import type { Reader } from './readers.ts';
import type { Range } from './watch.ts';

export type Told =
  | { kind: 'begins'; index: number; cpuMs: number }
  | {
      kind: 'ended';
      index: number;
      outcome: string;
      cpuMs: number;
      extraBytes: number;
      bytes: number;
    };

const [seed = '0', folder = ''] = process.argv.slice(2);
const tell = (told: Told) =>
  new Promise<void>((resolve) => {
    process.send?.(told, undefined, undefined, () => {
      resolve();
    });
  });
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Of these readers, for the `Watch` that has started this process. */
export function readRanges(readers: readonly Reader[]): void {
  process.on('message', (range: Range) => void readAll(readers, range));
}

async function readAll(readers: readonly Reader[], range: Range): Promise<void> {
  const { reader: name, first, end } = range;
  const reader = readers.find((each) => each.name === name);
  if (reader === undefined) throw new Error(`there is no reader ${name}`);
  // What is loaded and compiled with the first file is no one's own.
  await outcomeOf(() => reader.read(reader.seeds[0]));
  // A child is ended from outside, which leaves no time for it.
  flushCompileCache();
  for (let index = first; index < end; index++) {
    const { path, bytes } = writeInput(reader, Number(seed), index, join(folder, name));
    if (end === first + 1) globalThis.gc?.();
    const start = cpuMs();
    await tell({ kind: 'begins', index, cpuMs: start });
    resetHighWater();
    const before = readMemory().residentBytes;
    const outcome = await outcomeOf(() => reader.read(path));
    const extraBytes = readMemory().peakBytes - before;
    await tell({ kind: 'ended', index, outcome, cpuMs: cpuMs() - start, extraBytes, bytes });
  }
}

/** 'read', the code of our error, or '!' with what was thrown that is none of ours. */
async function outcomeOf(read: () => unknown): Promise<string> {
  try {
    await read();
    return 'read';
  } catch (error) {
    if (error instanceof LorikeetError && !denied(error)) return error.code;
    return `! ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

/** Whether something was to be written outside of the folder (Node's --permission). */
function denied(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'ERR_ACCESS_DENIED') || denied(error.cause);
}
