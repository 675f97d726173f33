/** Whether this machine has an NVIDIA driver. */
import { existsSync } from 'node:fs';

/** The driver's kernel module shows itself here; LORIKEET_DEVICE=cpu leaves a GPU alone. */
export function hasNvidiaDriver(): boolean {
  const { LORIKEET_DEVICE: device } = process.env;
  return device !== 'cpu' && existsSync('/proc/driver/nvidia/version');
}
