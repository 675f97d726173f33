/** Whole sequences are told apart: a head above one token of each gives classes, several of them, or a value. */
import { tasks } from '../../../shared/tasks.ts';
import { loadLabelled } from '../batch/encode-labelled.ts';
import { packBlocks } from '../batch/pack.ts';
import type { LabelledExample } from '../dataset/labelled-example.ts';
import { gradients } from '../graph/gradients/gradients.ts';
import { GraphError, present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { elements } from '../graph/shape.ts';
import type {
  Architecture,
  HeadContext,
  OutsideContext,
  SequenceHead,
  VectorShape,
} from '../model/architecture.ts';
import { floatMatrix } from '../model/base-matrix.ts';
import { sumOf } from '../model/float32.ts';
import { fillSlots, type LayerSlots } from '../model/layer-slots.ts';
import { linearGroups } from '../model/linear-groups.ts';
import { adapted, project } from '../model/projection.ts';
import type { LabelNumbers } from './label-numbers.ts';
import { sequenceLosses } from './sequence-loss.ts';
import { sequenceReport } from './sequence-report.ts';
import type { LossContext, LossPlaces, Task } from './task.ts';

export function sequenceClassification(
  { head, tokenTypes }: Pick<Architecture, 'head' | 'tokenTypes'>,
  numbers: LabelNumbers,
): Task<LabelledExample> {
  const { problem, names } = numbers.labels;
  const wholes = head.parts(names.length);
  return {
    kind: 'sequence-classification',
    ...tasks['sequence-classification'],
    wholes,
    targets:
      problem === 'single_label_classification'
        ? null
        : { width: names.length, of: (label) => numbers.targetOf(label) },
    outputWidth: names.length,
    load: (path, tokenizer, longest) => {
      const { reads } = head;
      const numberOf = numbers.of.bind(numbers);
      return loadLabelled(path, tokenizer, { longest, reads, types: tokenTypes > 0, numberOf });
    },
    arrange: packBlocks,
    capacityFor: (losses) => Math.max(8, Math.ceil(losses / 8) * 8),
    loss(at, places, gradient) {
      const logits = gatedLogits(at, places, wholes);
      const losses = sequenceLosses(problem, { ...places, logits });
      if (!gradient) return { losses, outputs: logits, gradient: null };
      const vectors = places.slots.map(({ vector }) => vector);
      const wanted = [places.hidden, ...places.wholes, ...vectors];
      const [dHidden, ...others] = gradients([losses], [places.weights], wanted).map(found);
      const dWholes = others.slice(0, places.wholes.length);
      const dSlots = others.slice(places.wholes.length);
      return { losses, outputs: logits, gradient: { dHidden: present(dHidden), dWholes, dSlots } };
    },
    report: (outcomes) => sequenceReport(numbers, outcomes),
  };
}

/** Σ gate · logits of each adapter's own head, [C, L]. */
function gatedLogits(
  { architecture, fusion, weights }: LossContext,
  { hidden, gates, wholes, slots }: LossPlaces,
  shapes: readonly VectorShape[],
): Tensor {
  const { head } = architecture;
  const outside = weights.outside(fusion);
  const linear = headLinear(head, outside, slots, gates);
  const columns = o.split(
    gates,
    wholes.map(() => 1),
    1,
  );
  const each = wholes.map((vector, i) => {
    const parts = partsOf(vector, shapes);
    const part = (path: string) => present(parts.get(path));
    return o.mul(head.logits({ ...outside, part, linear }, hidden), present(columns[i]));
  });
  return each.reduce((sum, logits) => o.add(sum, logits));
}

/** The head's frozen linear layers with the adapters on them, in float32. */
function headLinear(
  { linears }: Pick<SequenceHead, 'linears'>,
  outside: OutsideContext,
  slots: readonly LayerSlots[],
  gates: Tensor,
): HeadContext['linear'] {
  const filled = slots.flatMap((each) => fillSlots(each.vector, each.slots));
  return (path, x) => {
    const group = linearGroups(linears).find(({ name }) => name === path);
    if (!group) throw new GraphError(`the head has no ${path}`);
    const matrix = floatMatrix(outside.vector(`${path}.weight`));
    const switches = { gates, rankGates: null, dropout: null };
    const terms = project(x, adapted(group, matrix, filled, gates), switches);
    return sumOf([...terms, outside.vector(`${path}.bias`)]);
  };
}

function partsOf(vector: Tensor, shapes: readonly VectorShape[]): Map<string, Tensor> {
  const sizes = shapes.map(({ shape }) => elements(shape));
  const pieces = o.split(vector, sizes, 0);
  return new Map(shapes.map(({ path, shape }, i) => [path, o.reshape(present(pieces[i]), shape)]));
}

function found(gradient: Tensor | null): Tensor {
  if (!gradient) throw new GraphError('the loss does not depend on the whole head');
  return gradient;
}
