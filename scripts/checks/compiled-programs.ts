/** The folder in which the processes of a run of tests share what XLA has compiled, and its end. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const variable = 'LORIKEET_COMPILED_PROGRAMS';

/** Flags that are set already stay (`check --processors`). */
const given = process.env['XLA_FLAGS'] ?? '';

/** Variables under which XLA compiles as for people. */
export const compiledWell = (): Record<string, string> => compilingOnce(given);

/** Code is not made better, nor cut into parts for many cores, each of which LLVM would have to begin anew for. */
const quickFlags = [
  '--xla_backend_optimization_level=0',
  '--xla_llvm_disable_expensive_passes=true',
  '--xla_cpu_use_fusion_emitters=false',
  '--xla_cpu_parallel_codegen_split_count=1',
];

/** The same quickly instead of well, for tiny models that run a few steps. */
export const compiledQuickly = (): Record<string, string> =>
  compilingOnce([given, ...quickFlags].join(' '));

/**
 * The variables under which equal graphs are compiled once a run: XLA keeps what it has compiled in a folder of the run, which
 * all its processes share (tensorflow/compiler/jit/flags.h). Other flags of XLA have another folder; a later run begins anew.
 */
function compilingOnce(flags: string): Record<string, string> {
  const folder = join(programsOfRun(), createHash('sha256').update(flags).digest('hex'));
  const before = process.env['TF_XLA_FLAGS'] ?? '';
  return {
    XLA_FLAGS: flags,
    TF_XLA_FLAGS: `${before} --tf_xla_persistent_cache_directory=${folder} --tf_xla_persistent_cache_device_types=CPU,XLA_CPU_JIT`,
    LORIKEET_TEST_PROGRAMS: folder,
  };
}

/** The folder of the run that this process belongs to: made by the first process that asks, and gone when that one ends. */
export function programsOfRun(): string {
  const known = process.env[variable];
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-programs-'));
  process.env[variable] = folder;
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
