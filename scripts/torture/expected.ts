/** What a job comes to where nothing interrupts it, and how a run that was killed differs from that. */
import { isDeepStrictEqual } from 'node:util';
import type { RunRecord } from '../../src/shared/contract/records.ts';
import type { StepPoint, ValidationPoint } from '../../src/shared/contract/run-points.ts';
import { adapterFiles } from './check-folders.ts';
import type { Life } from './moment.ts';
import type { Shown } from './shown.ts';
import { storeOf, withStore } from './store-of.ts';
import type { Run, Victim } from './victim.ts';

/** Files of the adapter of the best validation, and of that of the last step where that is another, by their names. */
type Adapters = { best: Map<string, string>; last: Map<string, string> };

export type Expected = Adapters & {
  shown: Shown;
  life: Life;
};

/** Has the victim train the run, and nobody kill it. */
export async function expectedOf(victim: Victim, run: Run): Promise<Expected> {
  const { shown, complaint, life } = await victim.session(run, null);
  const { toFirstStep, fromLastStep } = life;
  if (complaint !== null || toFirstStep === undefined || fromLastStep === undefined)
    throw new Error(`A run that nobody killed has failed. ${complaint ?? ''}`);
  const record = withStore(storeOf(victim), ({ runs }) => runs.get(run.id));
  return { shown, life: { toFirstStep, fromLastStep }, ...filesOf(record) };
}

function filesOf({ output, last }: RunRecord): Adapters {
  return { best: adapterFiles(output), last: adapterFiles(last ?? '') };
}

/** What a run that is over has other than expected. */
export function otherAdapter(run: RunRecord, { best, last }: Adapters): string[] {
  const found = filesOf(run);
  return [...otherFiles(found.best, best, ''), ...otherFiles(found.last, last, 'last/')];
}

/** An adapter that stands in its place, though its run was killed, is whole. */
export function halfAdapter(output: string, { best, last }: Adapters): string[] {
  const there = (folder: string) => adapterFiles(folder);
  const [found, foundLast] = [there(output), there(`${output}-last`)];
  return [
    ...(found.size > 0 ? otherFiles(found, best, '') : []),
    ...(foundLast.size > 0 ? otherFiles(foundLast, last, 'last/') : []),
  ];
}

function otherFiles(
  found: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
  folder: string,
): string[] {
  const names = new Set([...found.keys(), ...expected.keys()]);
  return [...names]
    .filter((name) => found.get(name) !== expected.get(name))
    .map((name) => `${folder}${name} ${fault(found.has(name), expected.has(name))}`);
}

function fault(isThere: boolean, belongs: boolean): string {
  if (!isThere) return 'is missing in the adapter';
  return belongs ? 'is not that of a run that nobody killed' : 'has nothing to do in the adapter';
}

/** Points with other numbers than without a kill; the time that steps took is a run's own. */
export function otherPoints({ steps, validations }: Shown, { shown }: Expected): string[] {
  const step = (of: StepPoint) => ({
    ...of,
    tokensPerSecond: 0,
    elapsedSeconds: 0,
    secondsLeft: 0,
  });
  const validation = (of: ValidationPoint) => of;
  return [
    ...others('step', steps.map(step), shown.steps.map(step)),
    ...others('validation', validations.map(validation), shown.validations.map(validation)),
  ];
}

function others<P extends { step: number }>(
  what: string,
  found: readonly P[],
  expected: readonly P[],
): string[] {
  return found
    .filter((point) => !expected.some((each) => isDeepStrictEqual(each, point)))
    .map(({ step }) => `the ${what} ${step} has other numbers than without a kill`);
}
