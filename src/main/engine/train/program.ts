/** Everything that training runs on the device, as one program: a pass over a micro-batch with the step's update, and the evaluation. */
import type { Fusion } from '../graph/island.ts';
import { answerParts, type AnswerParts, type GenerateProgramOptions } from '../generate/program.ts';
import type { KeepPolicy } from '../graph/gradients/keep.ts';
import { GraphError, present, type Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { Program, type Variable, type VariableGroup } from '../graph/program.ts';
import { bankPieces, gradientVector, slotsByLayer, slotsOfHead } from '../lora/bank.ts';
import { changeRows, type ChangeRows } from '../lora/change-rows.ts';
import type { BankLayout } from '../lora/layout.ts';
import { baseWeights, type BaseWeights, type ComputeType } from '../model/base-weights.ts';
import type { PackingOf } from '../model/group-matrix.ts';
import type { Architecture, BatchShape, Routed } from '../model/architecture.ts';
import { Stack } from '../model/stack.ts';
import {
  batchPlaceholders,
  lossPlaceholders,
  type BatchFeeds,
  type LossFeeds,
} from '../score/batch.ts';
import { lossHead, type LossHead } from '../score/loss-head.ts';
import type { Task } from '../task/task.ts';
import { routerLossGradient } from './router-loss.ts';
import { adamWUpdate, learningGradient, type AdamWState } from './adamw.ts';

/** See `GenerateProgramOptions`. */
export type AnswersSize = Pick<
  GenerateProgramOptions,
  'rows' | 'promptLength' | 'cacheLength' | 'fusion'
>;

export type TrainProgramOptions = {
  architecture: Architecture;
  task: Task;
  layout: BankLayout;
  shape: BatchShape;
  /** Positions with loss that one batch can have; from `Task.capacityFor`. */
  capacity: number;
  /** The same of a batch of the general text; without it there is no loss of one. */
  generalCapacity?: number;
  /** What prompts that are answered under way take; without it none are. */
  answers?: AnswersSize;
  computeType: ComputeType;
  /** How the matrices of layers are held; all of them dense without it. */
  packingOf?: PackingOf;
  fusion: Fusion;
  keep: KeepPolicy;
  dropout: number;
  weightDecay: number;
  /** 0 never clips. */
  maxGradNorm: number;
};

/** What is fed with a pass over a micro-batch: scalars, and the learning rates [k]. */
type PassFeeds = {
  /** 0 for the first micro-batch of a step, 1 for the others: what the gradient sum so far is multiplied with. */
  carry: Tensor;
  /** What the adapters' gradient norms have to stay below, together, for an update: infinity, or 0 where there is to be none. */
  normLimit: Tensor;
  learningRates: Tensor;
  correction1: Tensor;
  correction2: Tensor;
  /** [k]: how much of the routers' loss each adapter's batch counts; null in models without experts. */
  routerWeights: Tensor | null;
};

export type TrainProgram = {
  program: Program;
  weights: BaseWeights;
  /** [P]: all adapters, in the order of the layout. */
  parameters: Variable;
  /** First and second moment of AdamW, both [P]. */
  moments: Readonly<Record<'firstMoment' | 'secondMoment', Variable>>;
  /** [P]: what the learning rate is multiplied with for each parameter. */
  relativeRates: Variable;
  /** All that is [P]: the parameters and their rates, the moments, the gradient sum. */
  setAll: VariableGroup;
  batch: BatchFeeds;
  passFeeds: PassFeeds;
  /**
   * Adds the batch's gradients to the sum, and updates with the sum where the norms stay below the limit. Gives the losses [C],
   * the gradient norm of each adapter [k], and in models with experts what was routed where.
   */
  pass: { losses: Tensor; gradientNorms: Tensor; routed: Routed | null };
  /** [P]: as the last pass left it. */
  gradientSum: Variable;
  /** What the adapters have changed of the base. */
  changes: ChangeRows<Tensor>;
  /** Losses [C] without a gradient, and the task's outputs. */
  evaluate: Pick<LossHead, 'losses' | 'outputs'>;
  /** The same of the general text, whose places with loss are more than a batch of answers has; null without one. */
  general: ({ places: LossFeeds } & Pick<LossHead, 'losses'>) | null;
  /** Answers with the weights that are trained on; null where nothing is asked. */
  answers: AnswerParts | null;
};

const stateKeys = ['parameters', 'firstMoment', 'secondMoment'] as const;

export function trainProgram(options: TrainProgramOptions): TrainProgram {
  const { architecture, task, layout, fusion } = options;
  const program = new Program();
  const weights = baseWeights(program, architecture, options.computeType, options.packingOf);
  const vector = (name: string) => program.variable(name, 'float32', [layout.size]);
  const parameters = vector('parameters');
  const firstMoment = vector('first_moment');
  const secondMoment = vector('second_moment');
  const gradientSum = vector('gradient_sum');
  const relativeRates = vector('relative_rates');
  const batch = batchPlaceholders(program, options);
  const passFeeds = passPlaceholders(program, layout.adapters.length, architecture);

  const { slots, wholes } = bankPieces(layout, parameters.value);
  const adapters = slotsByLayer(slots, architecture.config.numHiddenLayers);
  const stack = (dropout: number) =>
    new Stack({
      architecture,
      shape: options.shape,
      fusion,
      keep: options.keep,
      dropout,
      weights,
      adapters,
      batch,
      rowGates: batch.rowGates,
      seed: batch.seed,
    });
  const { shape } = options;
  const inHead = { wholes, slots: slotsOfHead(slots, architecture) };
  const headOf = (places: BatchFeeds) =>
    lossHead({ architecture, task, fusion, shape, weights, batch: places, pieces: inHead });
  const head = headOf(batch);

  const { output, routed, backward } = stack(options.dropout).differentiable();
  const { losses, gradient: ofHead } = head(output, true);
  if (!ofHead) throw new GraphError('the loss has no gradient');
  const byExperts = routed.flatMap((each) => each ?? []);
  const { experts } = architecture;
  const ofRouters =
    experts && passFeeds.routerWeights && byExperts.length > 0
      ? routerLossGradient(byExperts, experts, passFeeds.routerWeights)
      : undefined;
  const byLayer = [...backward(ofHead.dOutput, ofRouters), ofHead.dSlots];
  const gradient = gradientVector(layout, byLayer, ofHead.dWholes);
  const total = o.add(o.mul(gradientSum.value, passFeeds.carry), gradient);
  const accumulated = program.assign(gradientSum.handle, total);
  const counted = byExperts.length > 0 ? joined(byExperts) : null;
  const state = { parameters, firstMoment, secondMoment };
  const update = updated(options, passFeeds, total, { ...state, relativeRates });
  // Where memory runs out in a pass, nothing of the state is changed: all that takes memory comes before the first assignment,
  // which takes none.
  const there = [losses, update.gradientNorms, total, ...Object.values(update.state)];
  const before = [...there, ...(counted ? Object.values(counted) : [])].map(({ node }) => node);
  const assigned = stateKeys.map((key) =>
    program.assign(state[key].handle, update.state[key], before),
  );
  const forward = stack(0).forward();
  const evaluated = head(forward, false);
  const { generalCapacity: capacity } = options;
  const places = capacity === undefined ? null : lossPlaceholders(program, { task, capacity });

  return {
    program,
    weights,
    parameters,
    relativeRates,
    moments: { firstMoment, secondMoment },
    setAll: program.group([parameters, relativeRates, firstMoment, secondMoment, gradientSum]),
    batch,
    passFeeds,
    pass: {
      losses: program.afterAll(losses, [...assigned, accumulated]),
      gradientNorms: update.gradientNorms,
      routed: counted,
    },
    gradientSum,
    changes: changeRows(slots, weights, architecture),
    evaluate: evaluated,
    answers: options.answers
      ? answerParts(program, weights, { ...options, ...options.answers })
      : null,
    general: places && { places, losses: headOf({ ...batch, ...places })(forward, false).losses },
  };
}

/** Layer by layer: [layers with experts · k, E]. */
function joined(routed: readonly Routed[]): Routed {
  const all = (key: keyof Routed) =>
    o.concat(
      routed.map((each) => each[key]),
      0,
    );
  return { probabilities: all('probabilities'), chosen: all('chosen') };
}

function passPlaceholders(
  program: Program,
  adapters: number,
  { experts }: Pick<Architecture, 'experts'>,
): PassFeeds {
  return {
    carry: program.placeholder('carry', 'float32', []),
    normLimit: program.placeholder('norm_limit', 'float32', []),
    learningRates: program.placeholder('learning_rates', 'float32', [adapters]),
    correction1: program.placeholder('correction1', 'float32', []),
    correction2: program.placeholder('correction2', 'float32', []),
    routerWeights: experts && program.placeholder('router_weights', 'float32', [adapters]),
  };
}

/**
 * What the state becomes. Each adapter's part of the vector is updated by itself, with its own learning rate and its own clipping. Where a gradient
 * is not finite nothing is updated: in the products of a shared batch it may have reached the other adapters.
 */
function updated(
  options: TrainProgramOptions,
  feeds: PassFeeds,
  gradient: Tensor,
  variables: Record<keyof AdamWState | 'relativeRates', Variable>,
): { state: AdamWState; gradientNorms: Tensor } {
  const { layout, fusion } = options;
  const sizes = layout.adapters.map(({ begin, end }) => end - begin);
  const cut = (x: Tensor) => o.split(x, sizes, 0);
  const parameters = cut(variables.parameters.value);
  const firstMoment = cut(variables.firstMoment.value);
  const secondMoment = cut(variables.secondMoment.value);
  const relativeRates = cut(variables.relativeRates.value);
  const gradients = cut(gradient).map((own, i) => learningGradient(own, present(relativeRates[i])));
  const gradientNorms = o.concat(
    gradients.map(({ norm }) => o.reshape(norm, [1])),
    0,
  );
  const learningRates = o.split(
    feeds.learningRates,
    sizes.map(() => 1),
    0,
  );
  const updates = gradients.map((own, i) => {
    const state = {
      parameters: present(parameters[i]),
      firstMoment: present(firstMoment[i]),
      secondMoment: present(secondMoment[i]),
    };
    const scalars = {
      learningRate: o.reshape(present(learningRates[i]), []),
      correction1: feeds.correction1,
      correction2: feeds.correction2,
      applies: o.less(o.sum(gradientNorms, [0]), feeds.normLimit),
    };
    return adamWUpdate(fusion, state, own, scalars, options);
  });
  const joinedUpdates = (name: keyof AdamWState) =>
    o.concat(
      updates.map((update) => update[name]),
      0,
    );
  const state = {
    parameters: joinedUpdates('parameters'),
    firstMoment: joinedUpdates('firstMoment'),
    secondMoment: joinedUpdates('secondMoment'),
  };
  return { state, gradientNorms };
}
