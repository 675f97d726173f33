/** A training without some of its runs: the state of the others, and what their checkpoint is about. */
import type { BankLayout } from '../lora/layout.ts';
import type { RunState } from '../train/run-state.ts';
import type { CheckpointSubject } from './training-checkpoint.ts';

/**
 * The state of these adapters alone, each with the same numbers in a shorter vector.
 * @param layout of the whole state
 */
export function stateOfSome(
  { trainer, runs, ...shared }: RunState,
  { adapters: placed }: BankLayout,
  adapters: readonly number[],
): RunState {
  const places = some(placed, adapters);
  const vector = (whole: Float32Array) =>
    joined(places.map(({ begin, end }) => whole.subarray(begin, end)));
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
      experts: some(trainer.experts, adapters),
    },
    runs: some(runs, adapters),
  };
}

export function subjectOfSome(
  { configs, files, tokens, ...shared }: CheckpointSubject,
  adapters: readonly number[],
): CheckpointSubject {
  return {
    ...shared,
    configs: some(configs, adapters),
    files: {
      ...files,
      data: some(files.data, adapters),
      starts: some(files.starts, adapters),
    },
    tokens: tokens && some(tokens, adapters),
  };
}

function some<T>(all: readonly T[], indices: readonly number[]): T[] {
  return indices.flatMap((index) => all.slice(index, index + 1));
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
