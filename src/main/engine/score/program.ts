/** A model that only reads: losses of packed blocks, and logits. */
import type { Fusion } from '../graph/island.ts';
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { Program, type VariableGroup } from '../graph/program.ts';
import { bankPieces, slotsByLayer, slotsOfHead } from '../lora/bank.ts';
import type { BankLayout } from '../lora/layout.ts';
import {
  baseWeights,
  outputOf,
  type BaseWeights,
  type ComputeType,
} from '../model/base-weights.ts';
import type { PackingOf } from '../model/group-matrix.ts';
import type { Architecture, BatchShape } from '../model/architecture.ts';
import { softCap } from '../model/soft-cap.ts';
import { Stack } from '../model/stack.ts';
import type { Task } from '../task/task.ts';
import { batchPlaceholders, type BatchFeeds } from './batch.ts';
import { lossHead } from './loss-head.ts';

export type ScoreProgramOptions = {
  architecture: Architecture;
  task: Task;
  layout: BankLayout;
  shape: BatchShape;
  /** Positions with loss that one batch can have; from `Task.capacityFor`. */
  capacity: number;
  computeType: ComputeType;
  /** How the matrices of layers are held; all of them dense without it. */
  packingOf?: PackingOf;
  fusion: Fusion;
};

export type ScoreProgram = {
  program: Program;
  weights: BaseWeights;
  setParameters: VariableGroup | null;
  batch: BatchFeeds;
  /** [C] */
  losses: Tensor;
  /** float32 [C, W], where the task has some. */
  outputs: Tensor | null;
  /** float32 [B·T, V]; null where the model predicts no next token. */
  logits: Tensor | null;
};

export function scoreProgram(options: ScoreProgramOptions): ScoreProgram {
  const { architecture, task, layout, fusion, shape } = options;
  const program = new Program();
  const weights = baseWeights(program, architecture, options.computeType, options.packingOf);
  const parameters =
    layout.size > 0 ? program.variable('parameters', 'float32', [layout.size]) : null;
  const pieces = bankPieces(layout, parameters?.value ?? null);
  const batch = batchPlaceholders(program, options);
  const stack = new Stack({
    architecture,
    shape,
    fusion,
    keep: 'inputs',
    dropout: 0,
    weights,
    adapters: slotsByLayer(pieces.slots, architecture.config.numHiddenLayers),
    batch,
    rowGates: batch.rowGates,
    seed: batch.seed,
  });
  const hidden = stack.forward();
  const inHead = { wholes: pieces.wholes, slots: slotsOfHead(pieces.slots, architecture) };
  const head = lossHead({ architecture, task, fusion, shape, weights, batch, pieces: inHead });
  const { losses, outputs } = head(hidden, false);
  const logits = () => {
    const finished = architecture.finish(weights.outside(fusion), hidden);
    const plain = o.cast(outputOf(weights).product(finished), 'float32');
    return softCap(plain, architecture.logitCap);
  };
  return {
    program,
    weights,
    setParameters: parameters ? program.group([parameters]) : null,
    batch,
    losses,
    outputs,
    logits: weights.output && logits(),
  };
}
