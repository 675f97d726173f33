/** Finds the TensorFlow runtime: in the packaged application's resources, or where set-up has put it. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheLayout } from '../../../shared/cache-layout.mjs';

export type RuntimeLocation = {
  folder: string;
  /** Node-API module of tfjs-node-gpu; finds libtensorflow beside itself, in `tensorflow/`. */
  binding: string;
  kind: 'cpu' | 'gpu';
};

/**
 * Where the runtime is or should be; whether it is there shows when it is loaded.
 * LORIKEET_RUNTIME names a folder outright (the packaged application sets it). The GPU build is taken where it is;
 * LORIKEET_DEVICE=cpu passes over it, and LORIKEET_DEVICE=gpu wants no other.
 */
export function locateRuntime(environment: NodeJS.ProcessEnv = process.env): RuntimeLocation {
  const binding = (folder: string) => join(folder, 'tfjs_binding.node');
  const { LORIKEET_RUNTIME: given, LORIKEET_DEVICE: device } = environment;
  if (given) {
    const kind = existsSync(join(given, 'nvidia')) ? 'gpu' : 'cpu';
    return { folder: given, binding: binding(given), kind };
  }
  const { runtimeCpu, runtimeGpu } = cacheLayout(environment, homedir());
  if (device === 'gpu' || (device !== 'cpu' && existsSync(binding(runtimeGpu))))
    return { folder: runtimeGpu, binding: binding(runtimeGpu), kind: 'gpu' };
  return { folder: runtimeCpu, binding: binding(runtimeCpu), kind: 'cpu' };
}
