/** Scales that are quantised themselves: QLoRA's double quantisation (Dettmers et al. 2023, arXiv:2305.14314). */
import { dynamicMap, dynamicPlace } from './dynamic-map.ts';
import { torchSum } from './torch-sum.ts';

/** Scales that share one of their own. */
const block = 256;

/**
 * The scales that bitsandbytes computes with after double quantisation: what they have above their mean is held as one of 256
 * numbers, times the largest such magnitude of 256 scales (`quantize_4bit` with `compress_statistics`, functional.py).
 */
export function doubleQuantised(scales: Float32Array): Float32Array {
  const mean = Math.fround(torchSum(scales) / scales.length);
  const target = scales.map((scale) => scale - mean);
  for (let begin = 0; begin < target.length; begin += block) {
    const own = target.subarray(begin, begin + block);
    let most = 0;
    for (let i = 0; i < own.length; i++) most = Math.max(most, Math.abs(own[i] ?? 0));
    // Scales that are all the same have nothing above their mean.
    const inverse = most === 0 ? 0 : Math.fround(1 / most);
    for (let i = 0; i < own.length; i++) {
      const number = dynamicMap[dynamicPlace(Math.fround((own[i] ?? 0) * inverse))] ?? 0;
      own[i] = Math.fround(number * most) + mean;
    }
  }
  return target;
}
