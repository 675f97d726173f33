/** Has a child read inputs, and ends it where it hangs: what is found, by input. */
import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../lib/project.ts';
import type { Told } from './read-ranges.ts';

export type Finding = { reader: string; index: number; what: string };
export type Watched = { outcomes: Map<string, number>; findings: Finding[] };

/** Who reads: a program that does as `readRanges` says. What it may take: milliseconds of the processor, and bytes beyond four times the file. */
export type Watching = { program: string; cpuMs: number; bytes: number };

const usual: Watching = {
  program: join(project, 'scripts/fuzz/child.ts'),
  cpuMs: 2000,
  bytes: 64 << 20,
};

/** Inputs `first` to `end` of a reader. */
export type Range = { reader: string; first: number; end: number };

type Ended = Extract<Told, { kind: 'ended' }>;

/** Has one child read range after range; another takes its place where that one hangs or ends. */
export class Watch {
  readonly #seed: number;
  readonly #folder: string;
  readonly #watching: Watching;
  #child: ChildProcess | null = null;

  /** @param folder that is there already, for the files that are made */
  constructor(seed: number, folder: string, watching = usual) {
    this.#seed = seed;
    this.#folder = folder;
    this.#watching = watching;
  }

  /** What goes beyond a bound is read once more in a child of its own, for garbage and compiling count as well. */
  async read(range: Range): Promise<Watched> {
    const outcomes = new Map<string, number>();
    const suspects: number[] = [];
    const findings: Finding[] = [];
    for (let next = range.first; next < range.end;) {
      next = await this.#readOn({ ...range, first: next }, (told) => {
        outcomes.set(sayOutcome(told), (outcomes.get(sayOutcome(told)) ?? 0) + 1);
        if (this.#faultOf(told) !== null) suspects.push(told.index);
      });
    }
    for (const index of suspects) {
      this.end();
      await this.#readOn({ ...range, first: index, end: index + 1 }, (told) => {
        const what = this.#faultOf(told);
        if (what !== null) findings.push({ reader: range.reader, index, what });
      });
    }
    return { outcomes, findings };
  }

  end(): void {
    this.#child?.kill();
    this.#child = null;
  }

  /** Resolves with the number of the input to go on with. */
  #readOn(range: Range, see: (told: Ended) => void): Promise<number> {
    if (this.#child?.connected !== true) this.#child = this.#begin();
    const child = this.#child;
    let current: { index: number; cpuMs: number } | null = null;
    let done = range.first;
    let hangs = false;
    let errors = '';
    const addError = (text: string) => {
      errors = (errors + text).slice(-2000);
    };
    const timer = setInterval(() => {
      // Making an input may take its time. Twice the bound: the child has told its own time where it got that far.
      if (
        current === null ||
        done > current.index ||
        cpuMsOf(child) - current.cpuMs < 2 * this.#watching.cpuMs
      )
        return;
      hangs = true;
      child.kill('SIGKILL');
    }, 200);
    return new Promise((resolve) => {
      const hear = (told: Told) => {
        if (told.kind === 'begins') {
          current = told;
          return;
        }
        done = told.index + 1;
        see(told);
        if (done === range.end) leave(done);
      };
      const close = (code: number | null, signal: string | null) => {
        this.#child = null;
        const outcome = hangs
          ? '! it does not end'
          : `! it ended with ${code ?? signal ?? ''}: ${errors}`;
        see({ kind: 'ended', index: done, outcome, cpuMs: 0, extraBytes: 0, bytes: 0 });
        leave(done + 1);
      };
      const leave = (next: number) => {
        clearInterval(timer);
        child.off('message', hear).off('close', close);
        child.stderr?.off('data', addError);
        resolve(next);
      };
      child.on('message', hear).on('close', close);
      child.stderr?.on('data', addError);
      child.send(range);
    });
  }

  #begin(): ChildProcess {
    const { NODE_COMPILE_CACHE: compiled } = process.env;
    const child = fork(this.#watching.program, [String(this.#seed), this.#folder], {
      execArgv: [
        '--expose-gc',
        '--disable-warning=ExperimentalWarning',
        '--disable-warning=SecurityWarning',
        '--permission',
        '--allow-fs-read=*',
        `--allow-fs-write=${this.#folder}`,
        '--allow-fs-write=/proc',
        // Node itself keeps there what it has compiled.
        ...(compiled === undefined ? [] : [`--allow-fs-write=${compiled}`]),
      ],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr?.setEncoding('utf8');
    return child;
  }

  #faultOf({ outcome, cpuMs, extraBytes, bytes }: Ended): string | null {
    if (outcome.startsWith('!')) return outcome;
    if (cpuMs > this.#watching.cpuMs) return `it takes ${Math.round(cpuMs)} ms (${outcome})`;
    const most = 4 * bytes + this.#watching.bytes;
    const mib = (count: number) => Math.round(count / 2 ** 20);
    return extraBytes > most
      ? `it takes ${mib(extraBytes)} MiB for ${bytes} bytes (${outcome})`
      : null;
  }
}

function sayOutcome({ outcome }: Ended): string {
  return outcome.startsWith('!') ? 'fault' : outcome;
}

/** Of the whole process, from proc(5): fields 14 and 15, in hundredths of a second. */
function cpuMsOf(child: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${child.pid ?? 0}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return 0;
  }
}
