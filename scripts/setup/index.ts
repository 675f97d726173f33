/** Set-up: what each kind of work needs, in order. */
import type { Step } from './step.ts';
import { runSteps } from './steps.ts';
import { binding } from './binding.ts';
import { starterModel, testModel } from './models.ts';
import { nodeModules } from './node-modules.ts';
import { tensorflow } from './tensorflow.ts';

/** What a terminal needs to train. */
const terminal: Step[] = [nodeModules, tensorflow, binding, starterModel];

export const needs = {
  packages: [nodeModules],
  terminal,
  tests: [...terminal, testModel],
} as const satisfies Record<string, Step[]>;

/** Does what is missing for this kind of work; a line a step, silent when all is there. Returns whether anything was done. */
export async function setUp(kind: keyof typeof needs): Promise<boolean> {
  return (await runSteps([...needs[kind]])) > 0;
}
