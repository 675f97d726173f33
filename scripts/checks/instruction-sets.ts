/** The instruction sets that this machine's processor has, and how TensorFlow is held to one of them. */
import { readFileSync } from 'node:fs';

export type InstructionSet = {
  name: string;
  /** What /proc/cpuinfo calls it, on a processor that has it. */
  flag: string;
  /** oneDNN's limit, and XLA's. The rest of TensorFlow is compiled for AVX and asks for no more. */
  limits: { ONEDNN_MAX_CPU_ISA: string; xla: string };
};

const set = (name: string, flag: string, oneDnn: string, xla: string): InstructionSet => ({
  name,
  flag,
  limits: { ONEDNN_MAX_CPU_ISA: oneDnn, xla },
});

/** From the oldest to the newest. */
const known: readonly InstructionSet[] = [
  set('SSE4', 'sse4_1', 'SSE41', 'SSE4_2'),
  set('AVX', 'avx', 'AVX', 'AVX'),
  set('AVX2', 'avx2', 'AVX2', 'AVX2'),
  set('AVX512', 'avx512bw', 'AVX512_CORE', 'AVX512'),
  set('AVX512-VNNI', 'avx512_vnni', 'AVX512_CORE_VNNI', 'AVX512_VNNI'),
  set('AVX512-BF16', 'avx512_bf16', 'AVX512_CORE_BF16', 'AVX512_BF16'),
  set('AMX', 'amx_bf16', 'AVX512_CORE_AMX', 'AMX'),
];

/**
 * Whether products in bfloat16 can be computed with it here. Wherever the processor has AVX-512 TensorFlow asks oneDNN for them,
 * and ends the process where oneDNN is held to less.
 */
export function hasBfloat16({ limits }: InstructionSet, cpuInfo = readCpuInfo()): boolean {
  return !flagsOf(cpuInfo).has('avx512f') || limits.ONEDNN_MAX_CPU_ISA.startsWith('AVX512');
}

/** Those that the processor has; none where /proc/cpuinfo cannot be read. */
export function instructionSets(cpuInfo = readCpuInfo()): readonly InstructionSet[] {
  const flags = flagsOf(cpuInfo);
  return known.filter(({ flag }) => flags.has(flag));
}

/** The variables of a process whose TensorFlow uses nothing newer. `given` are the flags that XLA has already. */
export function heldTo(
  { limits }: InstructionSet,
  given = process.env['XLA_FLAGS'] ?? '',
): Record<string, string> {
  return {
    ONEDNN_MAX_CPU_ISA: limits.ONEDNN_MAX_CPU_ISA,
    XLA_FLAGS: `${given} --xla_cpu_max_isa=${limits.xla}`.trim(),
  };
}

function flagsOf(cpuInfo: string): ReadonlySet<string> {
  return new Set(/^flags\s*:(.*)$/m.exec(cpuInfo)?.[1]?.trim().split(/\s+/));
}

function readCpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}
