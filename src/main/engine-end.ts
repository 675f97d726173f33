/** Why an engine's process ended, in words that complete "The engine process ended: …": memory that ran out is told from a crash. */
import { constants } from 'node:os';
import { oomKills } from './oom-kills.ts';

/** What an engine's end is told as that memory brought about. */
export const memoryRanOut = 'memory ran out, and the system ended its process';

/** A count that is older than this is taken anew: in hours other processes may have run out of memory, too. */
const freshMs = 5000;

export class EngineEnd {
  readonly #kills: () => number | null;
  #before: number | null;
  #at = performance.now();

  /** Begins to watch: right before the process starts. */
  constructor(kills: () => number | null = oomKills) {
    this.#kills = kills;
    this.#before = kills();
  }

  /** The process is alive at this moment. */
  alive(): void {
    if (performance.now() - this.#at < freshMs) return;
    this.#at = performance.now();
    this.#before = this.#kills();
  }

  /** @param code the exit status, or the number of the signal that ended it, alone or with 128 added as a shell does */
  reason(code: number): string {
    const signal = signalOf(code);
    if (signal === null) return `its process stopped with exit code ${code}`;
    if (signal !== 'SIGKILL') return `its process crashed (${signal})`;
    const after = this.#kills();
    if (after === null || this.#before === null)
      return 'its process was killed, as a system does when memory runs out';
    return after > this.#before ? memoryRanOut : 'its process was killed from outside';
  }
}

/** Of those that end a process by themselves. */
const deadly = ['SIGKILL', 'SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP'] as const;

function signalOf(code: number): (typeof deadly)[number] | null {
  const number = code > 128 ? code - 128 : code;
  return deadly.find((name) => constants.signals[name] === number) ?? null;
}
