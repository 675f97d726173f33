/** What a model is trained for: the way from a line of data to the loss and its figures. */
import type { TaskReport } from '../../../shared/contract/run-points.ts';
import type { Figure, TaskKind } from '../../../shared/tasks.ts';
import type { LoadedData } from '../batch/loaded-data.ts';
import type { PackedBlocks } from '../batch/pack.ts';
import type { Sequence } from '../batch/sequence.ts';
import type { DataFile } from '../dataset/read-data.ts';
import type { Fusion } from '../graph/island.ts';
import type { Tensor } from '../graph/node.ts';
import type { Architecture, VectorShape } from '../model/architecture.ts';
import type { BaseWeights } from '../model/base-weights.ts';
import type { LayerSlots } from '../model/layer-slots.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** The C places of a batch that carry loss. */
export type LossPlaces = {
  /** [C, D] float32: what the last layer gives there. */
  hidden: Tensor;
  /** [C] int32 */
  labels: Tensor;
  /** [C, W] float32: what the labels stand for; null where they say it themselves. */
  targets: Tensor | null;
  /** [C] float32: dL/d(loss of a place), 0 where a place is only padding. */
  weights: Tensor;
  /** [C, k]: the weight of each adapter. */
  gates: Tensor;
  /** What each adapter has of `Task.wholes`, one tensor after another. */
  wholes: readonly Tensor[];
  /** What adapters have on the linear layers of the head. */
  slots: readonly LayerSlots[];
};

export type LossContext = { architecture: Architecture; fusion: Fusion; weights: BaseWeights };

export type TaskLoss = {
  /** The loss of each place [C]. */
  losses: Tensor;
  /** What was answered there, float32 [C, outputWidth]; null where that is too much to be looked at. */
  outputs: Tensor | null;
  /** dL/d(hidden) [C, D], dL/d(wholes) and dL/d(slots), with L = Σ weights · losses; null where no gradient was asked for. */
  gradient: ({ dHidden: Tensor } & HeadGradients) | null;
};

export type HeadGradients = { dWholes: readonly Tensor[]; dSlots: readonly Tensor[] };

/** What was wanted and answered at one place. */
export type Outcome = { label: number; output: Float32Array };

/** @typeParam E a line of data as this task reads it */
export interface Task<E = unknown> {
  readonly kind: TaskKind;
  /** `task_type` in PEFT's adapter_config.json. */
  readonly peftType: string;
  readonly figures: { readonly loss: Figure } & Readonly<Record<string, Figure>>;
  /** Tensors of the model that are trained whole beside the adapters: the head. */
  readonly wholes: readonly VectorShape[];
  /** What a label stands for where it is more than a number of a class: W numbers. */
  readonly targets: { readonly width: number; of(label: number): ArrayLike<number> } | null;
  /** Numbers that are answered at a place; 0 where they are not looked at. */
  readonly outputWidth: number;
  /**
   * Every line of a data file as an example, and its sequences of tokens with what is to be predicted at each place.
   * @param longest tokens that a sequence may have, for a task that cuts what is longer
   * Errors: dataset/*, tokenizer/*.
   */
  load(file: DataFile, tokenizer: Tokenizer, longest: number): Promise<LoadedData<E>>;
  /** Sequences in blocks of T tokens. */
  arrange(sequences: readonly Sequence[], sequenceLength: number): PackedBlocks;
  /** The C that a batch with so many losses is given: rounded up to what the loss is computed in. */
  capacityFor(losses: number): number;
  loss(at: LossContext, places: LossPlaces, gradient: boolean): TaskLoss;
  /** The figures of what was answered; null where the loss says all. */
  report(outcomes: readonly Outcome[]): TaskReport | null;
}
