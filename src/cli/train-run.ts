/** Trains on the command line, recorded in the store as the studio's runs are. */
import { join } from 'node:path';
import { createRun, executeRun, executeVariants } from '../main/runs.ts';
import type { EngineEvent } from '../shared/contract/engine.ts';
import type { RunRecord } from '../shared/contract/records.ts';
import type { ValidationPoint } from '../shared/contract/run-points.ts';
import type { TrainingConfig } from '../shared/contract/training-config.ts';
import { LorikeetError } from '../shared/errors/lorikeet-error.ts';
import { sayChange } from '../shared/say-change.ts';
import { slug } from '../shared/slug.ts';
import { watchPause } from './asked-pause.ts';
import { formatCount } from './format.ts';
import type { Output } from './output.ts';
import { shortReport } from './report-text.ts';
import { sayNews, tellEnd, tellGoingOn } from './run-text.ts';
import type { Work } from './work.ts';

/** Trains one adapter, tells every step, and then what it came to. Throws what ended the run. */
export async function trainRun(work: Work, config: TrainingConfig, output: string): Promise<void> {
  await executeRuns(work, [createRun(work.store(), config, { output }).id]);
}

/**
 * Trains several adapters at once, each in a folder of its own in `output`. Throws what ended the first that failed.
 * @param halving whether the worse half of them ends at every rung
 */
export async function trainVariants(
  work: Work,
  configs: readonly TrainingConfig[],
  output: string,
  halving: boolean,
): Promise<void> {
  const store = work.store();
  const ids = configs.map((config, index) => {
    const place = { output: join(output, `${index + 1}-${slug(config.name, 'run')}`) };
    return createRun(store, config, place).id;
  });
  const [first] = ids;
  if (first !== undefined && ids.length > 1)
    for (const id of ids) store.runs.update(id, { groupId: first, seriesId: first, halving });
  await executeTogether(work, ids);
}

/** Trains runs of the store to their end, from their checkpoint where they have one: one by itself, or several at once. */
export async function executeRuns(work: Work, ids: readonly number[]): Promise<void> {
  const [id] = ids;
  if (id === undefined || ids.length > 1) return executeTogether(work, ids);
  const tellUnpaused = watchPause(work.store().runs, [id], work.keepingSignal);
  const run = await executeRun({ store: work.store(), engine: work.engine }, id, {
    signal: work.keepingSignal,
    onChange: tellBegunLeaner(work, [id]),
    onEvent: (event) => {
      work.show(event);
      tell(work.output, event);
    },
  });
  if (run.problem !== null) {
    tellGoingOn(work.output, run);
    throw new LorikeetError(run.problem);
  }
  tellUnpaused(work.output);
  tellEnd(work.output, run, adapterPath(work, run));
}

async function executeTogether(work: Work, ids: readonly number[]): Promise<void> {
  const library = { store: work.store(), engine: work.engine };
  const names = library.store.runs.some(ids).map(({ id, name }) => [id, name] as const);
  const nameOf = new Map(names);
  const noted = new Set<string>();
  const tellUnpaused = watchPause(library.store.runs, ids, work.keepingSignal);
  const runs = await executeVariants(library, ids, {
    signal: work.keepingSignal,
    onChange: tellBegunLeaner(work, ids),
    onEvent: (event) => {
      work.show(event);
      if (event.kind !== 'variant') return;
      const name = nameOf.get(ids[event.variant] ?? NaN) ?? '';
      tell(labelled(work.output, event.variant + 1, name), event.event);
      const said = sayNews(name, event.event);
      // Much is told to each of them.
      if (said !== null && !noted.has(said)) work.output.note(said);
      if (said !== null) noted.add(said);
    },
  });
  tellUnpaused(work.output);
  for (const [index, run] of runs.entries()) {
    if (run.problem === null)
      tellEnd(labelled(work.output, index + 1, ''), run, adapterPath(work, run));
  }
  for (const [index, { problem: error, name }] of runs.entries()) {
    if (error)
      labelled(work.output, index + 1, name).result({ error }, () => `failed: ${error.what}`);
  }
  const failed = runs.find(({ problem }) => problem !== null);
  if (!failed?.problem) return;
  tellGoingOn(work.output, failed);
  throw new LorikeetError(failed.problem);
}

/** Tells, once, what runs begin with that was otherwise before: they ran out of memory. Later changes come as events. */
function tellBegunLeaner(work: Work, ids: readonly number[]) {
  const before = work.store().runs.some(ids);
  const told = new Map(before.map(({ id, changes }) => [id, changes.length]));
  return ({ id, state, changes }: RunRecord) => {
    if (state !== 'preparing') return;
    const begun = changes.slice(told.get(id));
    told.set(id, changes.length);
    for (const change of begun) {
      work.output.note(sayChange(change));
      if (work.output.json) work.output.result({ change });
    }
  };
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
  if (event.kind === 'forgetting' && output.json) output.result({ forgetting: event.forgetting });
  if (event.kind === 'watched' && output.json) output.result({ watched: event.prompts });
  if (event.kind === 'answers' && output.json) output.result({ answers: event.point });
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
