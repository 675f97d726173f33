/** How a base is held that answers or is evaluated: with the values that its adapters learnt on, dense where memory allows. */
import type { EngineContext, ModelSource } from '../../../shared/contract/engine.ts';
import { formatBytes, plainSpaces } from '../../../shared/format.ts';
import { sameValues } from '../../../shared/held-base.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { holdBase } from '../checkpoint/hold-base.ts';
import { isSmallerPacked } from '../checkpoint/stored-types.ts';
import { dtypeBytes } from '../graph/dtype.ts';
import { elements } from '../graph/shape.ts';
import type { ComputeType } from '../model/base-weights.ts';
import { weightShapes } from '../model/weight-shapes.ts';
import { checkNotRoundedTwice, learntBase, sayValues, withLearntValues } from './learnt-base.ts';

/** Dense weights may take so much of what is free: besides them there are activations and what is read. */
const mostOfFree = 0.5;

/**
 * @param free bytes
 * Errors: base/quantised-already.
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
    checkNotRoundedTwice(checkpoint, held);
    const learnt = learntBase(paths, context);
    if (paths.length > 0 && !sameValues(held, learnt)) {
      const text = `The adapter learnt on a base with other values (${sayValues(learnt)}) than it is used with now (${sayValues(held)}).`;
      context.emit({ kind: 'notice', text });
    }
    return holdBase(checkpoint, held);
  }
  const { checkpoint: base } = withLearntValues(checkpoint, paths, context);
  const dense = denseBytes(checkpoint, computeType);
  if (dense <= mostOfFree * free || !isSmallerPacked(base, computeType))
    return holdBase(base, { form: 'dense', doubleQuant: false });
  const [size, room] = [dense, free].map((bytes) => plainSpaces(formatBytes(bytes)));
  const text = `The base is held packed, since dense its weights would take ${size} of ${room} free. Answers take longer.`;
  context.emit({ kind: 'notice', text });
  return base;
}

function denseBytes({ architecture }: Checkpoint, computeType: ComputeType): number {
  const shapes = [...weightShapes(architecture).values()];
  return dtypeBytes[computeType] * shapes.reduce((sum, shape) => sum + elements(shape), 0);
}
