/** A training without some of its runs: the state of the others, and what their checkpoint is about. */
import type { RunState } from '../train/run-state.ts';
import type { CheckpointSubject } from './training-checkpoint.ts';

/**
 * The state of these runs alone, each with the same numbers in a shorter vector.
 * @param sizes numbers of each run's part of the whole vectors
 */
export function stateOfSome(
  { trainer, runs, ...shared }: RunState,
  sizes: readonly number[],
  chosen: readonly number[],
): RunState {
  const vector = (whole: Float32Array) => joined(some(partsOf(whole, sizes), chosen));
  const { parameters, firstMoment, secondMoment, gradientSum } = trainer.vectors;
  return {
    ...shared,
    trainer: {
      steps: trainer.steps,
      vectors: {
        parameters: vector(parameters),
        firstMoment: vector(firstMoment),
        secondMoment: vector(secondMoment),
        gradientSum: vector(gradientSum),
      },
      experts: some(trainer.experts, chosen),
    },
    runs: some(runs, chosen),
  };
}

export function subjectOfSome(
  { configs, files, sizes, left, tokens, ...shared }: CheckpointSubject,
  chosen: readonly number[],
): CheckpointSubject {
  return {
    ...shared,
    configs: some(configs, chosen),
    files: {
      ...files,
      data: some(files.data, chosen),
      starts: some(files.starts, chosen),
    },
    sizes: some(sizes, chosen),
    left: left + configs.length - chosen.length,
    tokens: tokens && some(tokens, chosen),
  };
}

function some<T>(all: readonly T[], chosen: readonly number[]): T[] {
  return chosen.flatMap((index) => all.slice(index, index + 1));
}

function partsOf(whole: Float32Array, sizes: readonly number[]): Float32Array[] {
  let end = 0;
  return sizes.map((size) => {
    end += size;
    return whole.subarray(end - size, end);
  });
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
