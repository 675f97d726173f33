/** The machine that a result belongs to. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { project } from '../../scripts/lib/project.ts';
import { tensorflowVersion } from '../../src/shared/cache-layout.mjs';
import { gigabytes } from './figures.ts';

/** Instructions that decide how fast products are. */
const instructions = ['avx2', 'avx512f', 'avx512_bf16', 'amx_bf16'];

function flags(): string {
  try {
    const line = /^flags\s*:(.+)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
    const has = new Set(line.trim().split(/\s+/));
    return instructions.filter((name) => has.has(name)).join(', ');
  } catch {
    return 'unknown';
  }
}

/** '1a2b3c4', with a mark where the files differ from it. */
function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: project, encoding: 'utf8' }).trim();
    const changed = git('status', '--porcelain', '--', 'src', 'bench') !== '';
    return git('rev-parse', '--short', 'HEAD') + (changed ? ', with changes' : '');
  } catch {
    return 'unknown';
  }
}

/** A quiet machine is busy with less than this. */
export const quiet = 0.1;

/** The share of all cores' time that other programs take while this one waits for two seconds. */
export async function busyShare(): Promise<number> {
  const before = coreTimes();
  await sleep(2000);
  const after = coreTimes();
  return 1 - (after.idle - before.idle) / (after.total - before.total);
}

/** Milliseconds since the system started, summed over the cores. */
function coreTimes(): { idle: number; total: number } {
  const times = cpus().map((core) => core.times);
  return {
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
    total: times.reduce(
      (sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq,
      0,
    ),
  };
}

/** Names and values, ready to be printed. `busy` is from `busyShare`, `peer` are the versions that its worker tells. */
export function describeMachine(
  busy: number,
  peer: Readonly<Record<string, string>>,
): [string, string][] {
  return [
    ['Date', new Date().toISOString().slice(0, 16).replace('T', ' ')],
    ['Commit', commit()],
    ['Processor', cpus()[0]?.model ?? 'unknown'],
    ['Instructions', flags()],
    ['Cores', String(availableParallelism())],
    ['Memory', gigabytes(totalmem())],
    ['System', `${type()} ${release()}`],
    ['Busy with other work at the start', `${Math.round(100 * busy)} %`],
    ['Node', process.versions.node],
    ['TensorFlow', tensorflowVersion],
    ...Object.entries(peer),
  ];
}
