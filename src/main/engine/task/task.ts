/** What a model is trained for: the way from a line of data to the loss and its figures. */
import type { Figure, TaskKind } from '../../../shared/tasks.ts';
import type { LoadedData } from '../batch/loaded-data.ts';
import type { PackedBlocks } from '../batch/pack.ts';
import type { Sequence } from '../batch/sequence.ts';
import type { DataFile } from '../dataset/read-data.ts';
import type { Fusion } from '../graph/island.ts';
import type { Tensor } from '../graph/node.ts';
import type { Architecture } from '../model/architecture.ts';
import type { BaseWeights } from '../model/base-weights.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** The C places of a batch that carry loss. */
type LossPlaces = {
  /** [C, D] float32: what the last layer gives there. */
  hidden: Tensor;
  /** [C] int32 */
  labels: Tensor;
  /** [C] float32: dL/d(loss of a place), 0 where a place is only padding. */
  weights: Tensor;
};

export type LossContext = { architecture: Architecture; fusion: Fusion; weights: BaseWeights };

/** @typeParam E a line of data as this task reads it */
export interface Task<E = unknown> {
  readonly kind: TaskKind;
  /** `task_type` in PEFT's adapter_config.json. */
  readonly peftType: string;
  readonly figures: { readonly loss: Figure } & Readonly<Record<string, Figure>>;
  /**
   * Every line of a data file as an example, and its sequences of tokens with what is to be predicted at each place.
   * Errors: dataset/*, tokenizer/*.
   */
  load(file: DataFile, tokenizer: Tokenizer): Promise<LoadedData<E>>;
  /** Sequences in blocks of T tokens. */
  arrange(sequences: readonly Sequence[], sequenceLength: number): PackedBlocks;
  /** The C that a batch with so many losses is given: rounded up to what the loss is computed in. */
  capacityFor(losses: number): number;
  /** The loss of each place [C], and where `gradient` is set dL/d(hidden) [C, D] of Σ weights · losses. */
  loss(
    at: LossContext,
    places: LossPlaces,
    gradient: boolean,
  ): { losses: Tensor; dHidden: Tensor | null };
}
