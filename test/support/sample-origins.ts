/** Origins as the engine would write them, for tests that do not care how they were made. */
import type {
  BlendOrigin,
  CommonOrigin,
  ExportOrigin,
  Origin,
  PartOrigin,
  TrainingOrigin,
} from '../../src/shared/contract/origin.ts';
import type { TrainingConfig } from '../../src/shared/contract/training-config.ts';

/** A fingerprint of this digit only. */
export const hashOf = (digit: string): string => digit.repeat(64);

const made: CommonOrigin = {
  version: 1,
  at: 1_700_000_000_000,
  versions: { lorikeet: '0.2.0', node: '24.0.0', tensorflow: '2.21.0' },
  base: {
    ...{ path: '/models/small.gguf', name: 'small.gguf', format: 'gguf' },
    ...{ sha256: hashOf('b'), bytes: 5, origin: null },
  },
};

export function trainedOrigin(config: TrainingConfig): TrainingOrigin {
  const data = { path: config.data, sha256: hashOf('d'), bytes: 7, role: 'training' as const };
  const result = { steps: 3, stopped: false, lastLoss: 1.5, lastValidationLoss: null };
  return { kind: 'training', ...made, data: [data], config, result, startedFrom: null };
}

export function partOf(path: string, weight: number, origin: Origin | null): PartOrigin {
  return { path, weight, sha256: hashOf('a'), origin };
}

export function blendedOrigin(parts: PartOrigin[]): BlendOrigin {
  const settings = { rank: 8, density: null, seed: null, relativeError: 0.02 };
  return { kind: 'blend', ...made, composition: { kind: 'svd', ...settings }, parts };
}

export function exportedOrigin(parts: PartOrigin[]): ExportOrigin {
  const proof = { passed: true, bytes: 11, figures: { meanKl: 1e-7 } };
  const form = { to: 'huggingface', type: 'bfloat16' } as const;
  return { kind: 'export', ...made, ...form, parts, mergedInto: null, proof };
}
