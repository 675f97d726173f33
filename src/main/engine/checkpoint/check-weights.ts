/** Holds the tensors of a checkpoint against what its config needs. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Architecture } from '../model/architecture.ts';
import { weightShapes } from '../model/weight-shapes.ts';
import type { StoredTensor } from './checkpoint.ts';

/**
 * Every weight must be there with its shape, and nothing else: a tensor that would be left out of the
 * computation, such as a further bias, would make the answers wrong. All misfits are named at once.
 * Errors: checkpoint/misfit.
 */
export function checkWeights(
  path: string,
  architecture: Architecture,
  stored: ReadonlyMap<string, StoredTensor>,
  unknown: readonly string[],
): void {
  const expected = weightShapes(architecture);
  const problems: string[] = [];
  for (const [name, shape] of expected) {
    const found = stored.get(name);
    if (found === undefined) {
      problems.push(`${name} [${shape.join(', ')}] is missing`);
    } else if (found.shape.join() !== shape.join()) {
      const both = `[${found.shape.join(', ')}] instead of [${shape.join(', ')}]`;
      problems.push(`${name} has the shape ${both}`);
    }
  }
  const extra = [...stored.keys()].filter((name) => !expected.has(name));
  for (const name of [...extra, ...unknown]) {
    problems.push(`${name} is not part of this architecture`);
  }
  if (problems.length > 0) throw lorikeetError('checkpoint/misfit', { path, problems });
}
