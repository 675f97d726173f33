/** How a run ended on the command line, in text and as JSON; a run that can go on is told with the command for it. */
import type { EngineEvent } from '../shared/contract/engine.ts';
import type { Forgetting, RunRecord } from '../shared/contract/records.ts';
import { howMany } from '../shared/how-many.ts';
import { canGoOn } from '../shared/run-states.ts';
import { sayChange } from '../shared/say-change.ts';
import { formatForgotten } from '../shared/say-forgetting.ts';
import { trainedOf } from './estimate.ts';
import { formatBytes, formatCount } from './format.ts';
import type { Output } from './output.ts';
import { interruptedExitCode } from './stop-signal.ts';
import { renderPairs } from './table.ts';

/** A run that ended without a problem: it has an adapter, or it was asked to pause. */
export function tellEnd(output: Output, run: RunRecord, adapter: string | null): void {
  if (canGoOn(run)) tellPaused(output, run);
  else tellAdapter(output, run, adapter);
}

/** What an event of one of several runs has to say for a person; null for nothing. */
export function sayNews(name: string, event: EngineEvent): string | null {
  if (event.kind === 'notice') return event.text;
  return event.kind === 'change' ? `${name}: ${sayChange(event.change)}` : null;
}

/** On stderr: how a run goes on that a problem has ended. What keeps it from going on says by itself what to do. */
export function tellGoingOn(output: Output, run: RunRecord): void {
  const isRefused = run.problem?.code.startsWith('resume/') ?? false;
  if (canGoOn(run) && !isRefused) output.note(`${goesOnFrom(run)}: ${commandFor(run)}`);
}

export function goesOnFrom({ checkpoint }: Pick<RunRecord, 'checkpoint'>): string {
  if (checkpoint === null) return 'It has no checkpoint and begins anew';
  return `It goes on from the checkpoint of step ${checkpoint.step}`;
}

function commandFor({ id }: RunRecord): string {
  return `lorikeet resume ${id}`;
}

function tellPaused(output: Output, run: RunRecord): void {
  const { id, name, step, checkpoint } = run;
  process.exitCode = interruptedExitCode;
  output.result({ done: false, paused: true, run: id, steps: step, checkpoint }, () =>
    renderPairs([
      ['Run', `${id} (${name}), paused after ${howMany(step, 'step')}`],
      ['Checkpoint', checkpoint?.path ?? 'none: paused before the first step'],
      ['Go on', commandFor(run)],
    ]),
  );
}

function tellAdapter(output: Output, run: RunRecord, adapter: string | null): void {
  const { id, step, lastLoss, best, last, early, forgetting } = run;
  const { trainableParameters, totalParameters, peakMemoryBytes } = run;
  const stopped = run.state === 'stopped';
  // What was to come after it has nothing to go on with.
  if (adapter === null) process.exitCode = interruptedExitCode;
  output.result(
    {
      ...{ done: true, stopped, early, run: id, adapter, steps: step, best, last, forgetting },
      ...{ trainableParameters, totalParameters, peakMemoryBytes },
    },
    () =>
      renderPairs([
        [
          'Run',
          `${id} (${run.name}), ${run.state} after ${howMany(step, 'step')}${early ? ', early' : ''}`,
        ],
        ['Adapter', adapter ?? 'none: stopped before the first step'],
        ...(best ? [bestRow(best)] : []),
        ...(last === null ? [] : [lastRow(last)]),
        ...(forgetting ? [forgettingRow(forgetting)] : []),
        ['Loss', lastLoss === null ? '' : lastLoss.toFixed(4)],
        [
          'Trained',
          trainableParameters === null || totalParameters === null
            ? ''
            : trainedOf(trainableParameters, totalParameters),
        ],
        ['Peak memory', peakMemoryBytes === null ? '' : formatBytes(peakMemoryBytes)],
      ]),
  );
}

function bestRow({ step, loss }: NonNullable<RunRecord['best']>): [string, string] {
  return ['Best validation', `${loss.toFixed(4)} at step ${step}, which the adapter is of`];
}

/** Both losses are of the same general text, so what is forgotten is what they differ in. */
function forgettingRow(forgetting: Forgetting): [string, string] {
  const { before, after, tokens } = forgetting;
  const losses =
    after === null ? `${before.toFixed(4)} before` : `${before.toFixed(4)} to ${after.toFixed(4)}`;
  const text = `${formatForgotten(forgetting)} nats on a general text of ${formatCount(tokens)} tokens`;
  return ['Forgetting', `${text} (${losses})`];
}

function lastRow(path: string): [string, string] {
  return ['Last step', path];
}
