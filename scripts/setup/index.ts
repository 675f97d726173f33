/** Set-up: what each kind of work needs, in order. */
import { binding } from './binding.ts';
import { electron } from './electron/step.ts';
import { starterModel, testModel } from './models.ts';
import { nodeModules } from './node-modules.ts';
import { ownSymbols } from './own-symbols.ts';
import { quantisers } from './quantisers.ts';
import type { Step } from './step.ts';
import { runSteps } from './steps.ts';
import { systemLibraries } from './system-libraries.ts';
import { tensorflow } from './tensorflow.ts';

const terminal: Step[] = [
  nodeModules,
  tensorflow,
  ownSymbols,
  binding,
  ...quantisers,
  starterModel,
];

const needs = {
  /** Tools of node_modules. */
  packages: [nodeModules],
  /** Training from a terminal. */
  terminal,
  /** The studio on a real screen. */
  window: [...terminal, electron, systemLibraries(false)],
  /** Everything, a virtual screen included. */
  tests: [...terminal, testModel, electron, systemLibraries(true)],
} as const satisfies Record<string, Step[]>;

export type Need = keyof typeof needs;

/** Does what is missing for this kind of work: a line a step, silent when all is there. Returns whether anything was done. */
export async function setUp(need: Need): Promise<boolean> {
  return (await runSteps([...needs[need]])) > 0;
}
