/** All that is known of training between two steps: from it a run goes on exactly as if it had never been interrupted. */
import type { Problem } from '../../../shared/errors/problem.ts';
import type { BestSoFar } from './best-validation.ts';

/** The vectors of the program that a step changes, each [P]. */
export const stateVectors = ['parameters', 'firstMoment', 'secondMoment', 'gradientSum'] as const;
export type StateVector = (typeof stateVectors)[number];

/** What was counted of one adapter's experts since its last reading, [layers · E] each. */
export type ExpertSums = { probabilities: readonly number[]; chosen: readonly number[] };

export type TrainerState = {
  /** Updates that are done; the seeds of dropout and AdamW's corrections follow from them. */
  steps: number;
  vectors: Readonly<Record<StateVector, Float32Array>>;
  /** By adapter. */
  experts: readonly ExpertSums[];
};

/** How far one adapter's run is. The place in the data and the learning rate follow from its steps. */
export type ProgressState = {
  steps: number;
  lastLoss: number | null;
  lastValidationLoss: number | null;
  /** Trained on so far, padding not counted. */
  tokens: number;
  problem: Problem | null;
  /** It ended for want of improvement. */
  early: boolean;
  best: BestSoFar | null;
  /** The last losses, oldest first, against which the next are held. */
  recentLosses: readonly number[];
};

/** What the readings of one adapter's health go on with: its updates with a learning rate above 0, and the step of the last. */
export type WatchedState = { updates: number; lastStep: number };

type AdapterRunState = {
  progress: ProgressState;
  health: WatchedState;
  /** The adapter's part of the vector as its best validation had it; null where that is what it is now, or without validation. */
  bestParameters: Float32Array | null;
};

/** The loss of the base alone on the general text whose tokens have this sha256. */
export type GeneralLoss = { tokens: string; loss: number };

export type RunState = {
  trainer: TrainerState;
  /** By adapter. */
  runs: readonly AdapterRunState[];
  /** Spent on steps so far. */
  seconds: number;
  /** Null where forgetting is not measured, or not yet. */
  general: GeneralLoss | null;
};
