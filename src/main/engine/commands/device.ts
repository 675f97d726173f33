/** `device.inspect`: the machine, the runtime, and what is missing. */
import { availableParallelism, totalmem } from 'node:os';
import type { DeviceReport } from '../../../shared/contract/estimates.ts';
import { toProblem } from '../../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../../shared/errors/problem.ts';
import { availableMemory } from '../available-memory.ts';
import { loadBinding } from '../runtime/binding.ts';
import { processor } from '../runtime/device.ts';

export function inspectDevice(): DeviceReport {
  const missing: Problem[] = [];
  let tensorflow: string | null = null;
  let gpu = false;
  try {
    const binding = loadBinding();
    tensorflow = binding.version;
    gpu = binding.isUsingGpuDevice();
  } catch (thrown) {
    missing.push(toProblem(thrown));
  }
  const { name, nativeBfloat16 } = processor();
  // Plain Node has no entry for Electron, whatever the types say.
  const versions: Partial<Record<string, string>> = process.versions;
  return {
    device: gpu ? `GPU, with ${name}` : name,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: availableMemory(),
    tensorflow,
    node: process.versions.node,
    electron: versions['electron'] ?? null,
    nativeBfloat16: nativeBfloat16 || gpu,
    gpus: gpu ? ['NVIDIA'] : [],
    missing,
  };
}
