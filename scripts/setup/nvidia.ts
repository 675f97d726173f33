/** Whether TensorFlow's CUDA build is set up. */
import { existsSync } from 'node:fs';

/**
 * Where an NVIDIA driver is: its kernel module shows itself in /proc. LORIKEET_DEVICE=cpu leaves a GPU alone, and
 * LORIKEET_DEVICE=gpu sets up for one that is not here.
 */
export function wantsGpu(environment: NodeJS.ProcessEnv = process.env): boolean {
  const { LORIKEET_DEVICE: device } = environment;
  return device !== 'cpu' && (device === 'gpu' || existsSync('/proc/driver/nvidia/version'));
}
