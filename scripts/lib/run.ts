/** Runs another program and waits for its end. */
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { project } from './project.ts';

export type RunOptions = {
  /** What it is called in messages. */
  name?: string;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Shows nothing unless it fails; then its last lines are in the error. */
  quiet?: boolean;
  /** Milliseconds after which it is killed, with all that it has started. */
  timeout?: number;
  /**
   * A group of its own, out of reach of the terminal, whose signals are passed on to the program alone: one that looks after
   * its processes itself. A terminal that is closed ends it as SIGTERM does.
   */
  ownGroup?: boolean;
};

/** The longest time that a timer takes: 24 days. */
const forever = 2 ** 31 - 1;

export class RunError extends Error {
  readonly code: number;

  constructor(name: string, code: number, output: string) {
    const tail = output.trimEnd().split('\n').slice(-20).join('\n');
    super(`${name} ended with ${code}${tail ? `:\n${tail}` : ''}`);
    this.name = 'RunError';
    this.code = code;
  }
}

/** What a shell gives for a program that Ctrl-C ended. */
export const interrupted = 130;

/**
 * Resolves with what it wrote (empty unless quiet); rejects with RunError when it ends with anything but 0. Ctrl-C reaches
 * the program by itself: this process waits until it has ended in its own way.
 */
export function run(command: string, args: string[], options: RunOptions = {}): Promise<string> {
  const { name = command, quiet = false, ownGroup = false, timeout } = options;
  const { cwd = project, env = process.env } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      // A group of its own, so that what it has started itself ends with it.
      detached: timeout !== undefined || ownGroup,
    });
    const end = (signal: NodeJS.Signals) => {
      if (timeout === undefined) child.kill(signal);
      else if (child.pid !== undefined) process.kill(-child.pid, signal);
    };
    const timer = setTimeout(end, timeout ?? forever, 'SIGKILL');
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    let wasInterrupted = false;
    const onInterrupt = () => {
      wasInterrupted = true;
      // The terminal tells the programs of its own group only.
      if (timeout !== undefined || ownGroup) end('SIGINT');
    };
    const onTerminate = () => {
      wasInterrupted = true;
      end('SIGTERM');
    };
    process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
    if (ownGroup) process.on('SIGHUP', onTerminate);
    const settle = () => {
      process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate).off('SIGHUP', onTerminate);
      clearTimeout(timer);
    };
    child.on('error', (error) => {
      settle();
      reject(new RunError(name, 127, error.message));
    });
    child.on('close', (code, signal) => {
      settle();
      if (wasInterrupted) reject(new RunError(name, interrupted, output));
      else if (code === 0) resolve(output);
      else reject(new RunError(name, code ?? 1, signal ? `${output}\nended by ${signal}` : output));
    });
  });
}

/** 0, or what a tool ended with that has said itself what is wrong. */
export async function exitCodeOf(work: () => Promise<unknown>): Promise<number> {
  try {
    await work();
    return 0;
  } catch (error) {
    if (error instanceof RunError) return error.code;
    throw error;
  }
}

/** Runs a JavaScript program under this same Node. */
export function runNode(script: string, args: string[], options: RunOptions = {}): Promise<string> {
  return run(process.execPath, [script, ...args], options);
}

/** A tool of node_modules/.bin: 'eslint'. */
export function runTool(tool: string, args: string[], options: RunOptions = {}): Promise<string> {
  const program = realpathSync(join(project, 'node_modules/.bin', tool));
  return runNode(program, args, { name: tool, ...options });
}

/** Whether the program can be found and answers to `args` with success. */
export async function answers(command: string, args: string[]): Promise<boolean> {
  try {
    await run(command, args, { quiet: true, timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}
