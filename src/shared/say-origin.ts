/** What an origin says, in words, for the window and the command line. */
import type { BlendOrigin, Origin } from './contract/origin.ts';
import { exportForms } from './export-forms.ts';
import { formatCount, formatPercent } from './format.ts';

/** Enough of a fingerprint to tell two files apart, as a person compares them. */
export function shortHash(sha256: string): string {
  return sha256.slice(0, 12);
}

export const madeElsewhere = 'Made elsewhere: nothing is known of where it came from.';

const blendKinds: Record<BlendOrigin['composition']['kind'], string> = {
  exact: 'exact sum',
  svd: 'sum, cut to a rank by SVD',
  ties: 'TIES',
  'dare-linear': 'DARE, linear',
  'dare-ties': 'DARE with TIES',
  magnitude: 'magnitude pruning',
};

/** 'Training, 30 steps'; 'Blend of 2 adapters: TIES'; 'Export: GGUF model, Q8_0'. */
export function sayOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'training': {
      const { steps, stopped } = origin.result;
      return `Training, ${formatCount(steps)} ${steps === 1 ? 'step' : 'steps'}${stopped ? ', then stopped' : ''}`;
    }
    case 'blend': {
      const count = origin.parts.length;
      const adapters = count === 1 ? 'adapter' : 'adapters';
      return `Blend of ${count} ${adapters}: ${blendKinds[origin.composition.kind]}`;
    }
    case 'export':
      return `Export: ${exportForms[origin.to].label}, ${origin.type}`;
  }
}

/** 'rank 8, density 0.5, seed 3, relative error 2.0 %', as far as it has them. */
export function sayComposition({ composition }: BlendOrigin): string {
  const { rank, density, seed, relativeError } = composition;
  return [
    ...(rank === null ? [] : [`rank ${rank}`]),
    ...(density === null ? [] : [`density ${density}`]),
    ...(seed === null ? [] : [`seed ${seed}`]),
    `relative error ${formatPercent(relativeError)}`,
  ].join(', ');
}
