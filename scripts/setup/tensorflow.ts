/** libtensorflow and its C headers, out of TensorFlow's wheel. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cachePaths } from '../../src/main/cache.ts';
import { tensorflowVersion } from '../../src/shared/cache-layout.mjs';
import { place } from '../lib/place.ts';
import { wantsGpu } from './nvidia.ts';
import type { Step } from './step.ts';
import { unpackWheels } from './wheel.ts';

/** What the binding is compiled with and linked to, and the notices that go where the library goes. */
const members = [
  'tensorflow/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2',
  'tensorflow/THIRD_PARTY_NOTICES.txt',
  'tensorflow/include/LICENSE',
  'tensorflow/include/tensorflow/c/',
  'tensorflow/include/tensorflow/core/platform/ctstring',
  'tensorflow/include/tsl/platform/ctstring',
  'tensorflow/include/xla/tsl/c/',
];

/** The folder of the runtime that this machine uses. */
export function runtimeFolder(): string {
  const { runtimeCpu, runtimeGpu } = cachePaths();
  return wantsGpu() ? runtimeGpu : runtimeCpu;
}

export const tensorflow: Step = {
  name: `TensorFlow runtime ${tensorflowVersion}`,
  done: () => existsSync(join(runtimeFolder(), 'tensorflow')),
  run: async (tell) => {
    await place(runtimeFolder(), async (folder) => {
      if (wantsGpu()) {
        tell('for an NVIDIA GPU: downloading tensorflow with the CUDA libraries (3 GB)');
        await unpackWheels('tensorflow-gpu', [...members, 'nvidia/'], folder);
      } else {
        tell('downloading tensorflow-cpu (274 MB)');
        await unpackWheels('tensorflow-cpu', members, folder);
      }
      return undefined;
    });
  },
};
