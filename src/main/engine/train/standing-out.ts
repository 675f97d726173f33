/** Which module a divergence shows in. */
import type { ModuleHealth } from '../../../shared/contract/run-points.ts';

/**
 * Of one reading: the first module, from the last layer on, whose gradient alone is no number; where all or none are, the one that
 * has changed its matrix most. Gradients go backwards, so what is no number spreads to the layers before. Null without modules.
 */
export function standingOut(modules: readonly ModuleHealth[]): string | null {
  const broken = modules.filter(({ gradientNorm }) => gradientNorm === null);
  const some = broken.length > 0 && broken.length < modules.length;
  const found = some ? last(broken) : mostChanged(modules);
  return found ? `${found.module} of layer ${found.layer}` : null;
}

function last(modules: readonly ModuleHealth[]): ModuleHealth | undefined {
  return modules.toSorted((a, b) => b.layer - a.layer)[0];
}

/** A change that is no number is the largest. */
function mostChanged(modules: readonly ModuleHealth[]): ModuleHealth | undefined {
  const changed = ({ deltaRatio }: ModuleHealth) => deltaRatio ?? Infinity;
  return modules.toSorted((a, b) => changed(b) - changed(a))[0];
}
