/** How a base is held that answers or is evaluated: with the values that its adapters learnt on, dense where memory allows. */
import type { EngineContext, ModelSource } from '../../../shared/contract/engine.ts';
import { formatBytes, plainSpaces } from '../../../shared/format.ts';
import { sameValues } from '../../../shared/held-base.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { holdBase } from '../checkpoint/hold-base.ts';
import { isSmallerPacked, parametersOf } from '../checkpoint/stored-types.ts';
import { dtypeBytes } from '../graph/dtype.ts';
import type { ComputeType } from '../model/base-weights.ts';
import { learntBase, sayValues, withLearntValues } from './learnt-base.ts';

/** Dense weights may take so much of what is free: besides them there are activations and what is read. */
const mostOfFree = 0.5;

/**
 * @param free bytes
 * Errors: those of `holdBase`.
 */
export function holdForAnswers(
  checkpoint: Checkpoint,
  { adapters, held }: Pick<ModelSource, 'adapters' | 'held'>,
  computeType: ComputeType,
  free: number,
  context: Pick<EngineContext, 'emit'>,
): Checkpoint {
  const paths = adapters.map(({ path }) => path);
  if (held) {
    const learnt = learntBase(paths, context);
    if (paths.length > 0 && !sameValues(held, learnt)) {
      const text = `The adapter learnt on a base with other values (${sayValues(learnt)}) than it is used with now (${sayValues(held)}).`;
      context.emit({ kind: 'notice', text });
    }
    return holdBase(checkpoint, held);
  }
  const { checkpoint: base } = withLearntValues(checkpoint, paths, context);
  return asMemoryAllows(base, computeType, free, (dense) => {
    const [size, room] = [dense, free].map((bytes) => plainSpaces(formatBytes(bytes)));
    const text = `The base is held packed, since dense its weights would take ${size} of ${room} free. Answers take longer.`;
    context.emit({ kind: 'notice', text });
  });
}

/**
 * Dense where its weights leave room, else packed where that is smaller.
 * @param free bytes
 * @param tellPacked is given the bytes that dense weights would take
 */
export function asMemoryAllows(
  base: Checkpoint,
  computeType: ComputeType,
  free: number,
  tellPacked?: (dense: number) => void,
): Checkpoint {
  const dense = dtypeBytes[computeType] * parametersOf(base);
  if (dense <= mostOfFree * free || !isSmallerPacked(base, computeType))
    return holdBase(base, { form: 'dense', doubleQuant: false });
  tellPacked?.(dense);
  return base;
}
