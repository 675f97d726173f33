/** Trains on the command line, recorded in the store as the studio's runs are. */
import { join } from 'node:path';
import { createRun, executeVariants, recordRun } from '../main/runs.ts';
import type { EngineEvent } from '../shared/contract/engine.ts';
import type { RunRecord, ValidationPoint } from '../shared/contract/records.ts';
import type { TrainingConfig } from '../shared/contract/training-config.ts';
import { LorikeetError } from '../shared/errors/lorikeet-error.ts';
import { slug } from '../shared/slug.ts';
import { trainedOf } from './estimate.ts';
import { formatBytes, formatCount } from './format.ts';
import type { Output } from './output.ts';
import { shortReport } from './report-text.ts';
import { renderPairs } from './table.ts';
import type { Work } from './work.ts';

/** Trains one adapter, tells every step, and then what it came to. Throws what ended the run. */
export async function trainRun(work: Work, config: TrainingConfig, output: string): Promise<void> {
  const library = { store: work.store(), engine: work.engine };
  const run = await recordRun(
    library,
    config,
    { output },
    {
      signal: work.keepingSignal,
      onEvent: (event) => {
        work.show(event);
        tell(work.output, event);
      },
    },
  );
  if (run.problem !== null) throw new LorikeetError(run.problem);
  finish(work.output, run, adapterPath(work, run));
}

/** Trains several adapters at once, each in a folder of its own in `output`. Throws what ended the first that failed. */
export async function trainVariants(
  work: Work,
  configs: readonly TrainingConfig[],
  output: string,
): Promise<void> {
  const library = { store: work.store(), engine: work.engine };
  const ids = configs.map((config, index) => {
    const place = { output: join(output, `${index + 1}-${slug(config.name, 'run')}`) };
    return createRun(library.store, config, place).id;
  });
  const [first] = ids;
  if (first !== undefined && ids.length > 1)
    for (const id of ids) library.store.runs.update(id, { groupId: first });
  const runs = await executeVariants(library, ids, {
    signal: work.keepingSignal,
    onEvent: (event) => {
      work.show(event);
      if (event.kind !== 'variant') return;
      const variant = event.variant + 1;
      tell(labelled(work.output, variant, configs[event.variant]?.name ?? ''), event.event);
    },
  });
  const ended = runs.filter(({ problem }) => problem === null);
  for (const run of ended) {
    const label = labelled(work.output, runs.indexOf(run) + 1, '');
    finish(label, run, adapterPath(work, run));
  }
  for (const [index, { problem: error, name }] of runs.entries()) {
    if (error)
      labelled(work.output, index + 1, name).result({ error }, () => `failed: ${error.what}`);
  }
  const [failed] = runs.flatMap(({ problem }) => problem ?? []);
  if (failed) throw new LorikeetError(failed);
}

/** Output that says of which variant it speaks. */
function labelled(output: Output, variant: number, name: string): Output {
  return {
    ...output,
    result: (value, text) => {
      output.result({ variant, ...value }, text && (() => (name ? `${name}: ${text()}` : text())));
    },
  };
}

/** With --json each step, validation and reading of the health as an object; a validation and a notice for a person, too. */
function tell(output: Output, event: EngineEvent): void {
  if (event.kind === 'step') output.result(event.point);
  if (event.kind === 'validation') {
    const { point } = event;
    output.result({ validation: point }, () => describeValidation(point));
  }
  if (event.kind === 'health' && output.json) output.result({ health: event.point });
  if (event.kind === 'notice' && output.json) output.result({ notice: event.text });
  if (event.kind === 'change' && output.json) output.result({ change: event.change });
}

function describeValidation({ step, loss, tokens, report }: ValidationPoint): string {
  const text = `step ${step}: validation loss ${loss.toFixed(4)}`;
  if (report === null) return `${text} on ${formatCount(tokens)} tokens`;
  return `${text}, ${shortReport(report)} on ${formatCount(report.examples)} examples`;
}

function adapterPath(work: Work, run: RunRecord): string | null {
  return run.adapterId === null ? null : (work.store().adapters.byId(run.adapterId)?.path ?? null);
}

function finish(output: Output, run: RunRecord, adapter: string | null): void {
  const { id, step, lastLoss, trainableParameters, totalParameters, peakMemoryBytes } = run;
  const stopped = run.state === 'stopped';
  output.result(
    {
      done: true,
      stopped,
      run: id,
      adapter,
      steps: step,
      trainableParameters,
      totalParameters,
      peakMemoryBytes,
    },
    () =>
      renderPairs([
        ['Run', `${id} (${run.name}), ${run.state} after ${step} steps`],
        ['Adapter', adapter ?? 'none: stopped before the first step'],
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
