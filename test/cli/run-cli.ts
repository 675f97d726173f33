/** Runs the program: in a process of its own, or its commands in this one. */
import { spawn, type ChildProcess } from 'node:child_process';
import { expect, vi } from 'vitest';
import { programFiles } from '../../scripts/lib/program-files.ts';
import { main } from '../../src/cli/main.ts';

const { commandLine } = programFiles();

export type Finished = { code: number | null; stdout: string; stderr: string };

export type Running = {
  process: ChildProcess;
  /** Lines of stdout as they come. */
  onLine(listener: (line: string) => void): void;
  finished: Promise<Finished>;
};

/** Starts `lorikeet` with the arguments; `home` is its data folder, `entry` the file that it begins with. */
export function startCli(home: string, args: readonly string[], entry = commandLine): Running {
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...process.env, LORIKEET_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const listeners: ((line: string) => void)[] = [];
  let stdout = '';
  let stderr = '';
  let open = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const lines = (open + text).split('\n');
    open = lines.pop() ?? '';
    for (const line of lines) for (const listener of listeners) listener(line);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  return { process: child, onLine: (listener) => listeners.push(listener), finished };
}

/** Runs `lorikeet` to its end, in a process of its own. */
export function runCli(home: string, args: readonly string[]): Promise<Finished> {
  return startCli(home, args).finished;
}

/** Does in this process what `runCli` does in another: one that starts loads TensorFlow anew, which takes longer than the work. */
export async function runHere(home: string, args: readonly string[]): Promise<Finished> {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += String(text);
      return true;
    });
  }
  vi.stubEnv('LORIKEET_HOME', home);
  try {
    await main(args);
    return { code: Number(process.exitCode ?? 0), ...said };
  } finally {
    process.exitCode = undefined;
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
}

/** The JSON objects that stdout holds, one a line. */
export function jsonLines(stdout: string): unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

/** Runs a command with --json, which has to succeed, and gives its lines. */
export async function jsonOf(
  home: string,
  args: readonly string[],
  run: typeof runCli = runHere,
): Promise<unknown[]> {
  const { code, stdout, stderr } = await run(home, [...args, '--json']);
  expect(code, stderr).toBe(0);
  return jsonLines(stdout);
}
