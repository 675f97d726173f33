/** The steps of the demonstration, told as they happen. */
import { join } from 'node:path';
import { recordRun } from '../../main/runs.ts';
import type { EngineResponse } from '../../shared/contract/engine.ts';
import type { MergeReport } from '../../shared/contract/merge-report.ts';
import type { RunRecord } from '../../shared/contract/records.ts';
import type { StepPoint } from '../../shared/contract/run-points.ts';
import { LorikeetError } from '../../shared/errors/lorikeet-error.ts';
import type { Columns } from '../../shared/settings/columns.ts';
import { formatBytes, formatCount, formatDuration, formatPercent } from '../format.ts';
import { describeMerge } from '../merge-text.ts';
import { renderTable } from '../table.ts';
import type { Work } from '../work.ts';
import { heldOutAnswers, type Asked } from './answers.ts';
import { demoConfig } from './config.ts';

export type DemoOptions = {
  /** Folder for `adapter` and `merged`. */
  output: string;
  model: string;
  data: string;
  validation: string;
  columns: Columns;
  /** A shorter training than the demonstration's own. */
  maxSteps: number | null;
  /** How many held-out examples count for the exact match; null = all. */
  limit: number | null;
};

type Evaluation = Extract<EngineResponse<'evaluate'>, { task: 'causal-lm' }>;

/** Answers before, training, answers after, merge, proof. Gives the report of the merge. */
export async function runDemo(work: Work, options: DemoOptions): Promise<MergeReport> {
  const { output } = work;
  const heading = (text: string) => {
    output.text(`\n== ${text}`);
  };
  output.text(`Model  ${options.model}\nData   ${options.data}\nOutput ${options.output}`);

  heading('Before training');
  output.text(showAnswers(await heldOutAnswers(work, options, null)));
  const before = await evaluate(work, options, null);
  output.text(showEvaluation(before));

  heading('Training');
  const { run, last } = await train(work, options, join(options.output, 'adapter'));
  const adapter = run.output;
  output.text(showRun(run, last));

  heading('After training');
  output.text(showAnswers(await heldOutAnswers(work, options, adapter)));
  const after = await evaluate(work, options, adapter);
  output.text(showEvaluation(after));

  heading('Merge');
  const merged = join(options.output, 'merged');
  const { model } = options;
  const report = await work.call('merge', { model, adapter, output: merged, dtype: 'bfloat16' });
  output.text(describeMerge(report));

  heading('Result');
  output.text(showResult(before, after, run, last));
  return report;
}

async function evaluate(
  work: Work,
  options: DemoOptions,
  adapter: string | null,
): Promise<Evaluation> {
  const { model, validation: data, columns, limit } = options;
  const { sequenceLength } = demoConfig(options);
  const adapters = adapter === null ? [] : [{ path: adapter, weight: 1 }];
  const report = await work.call('evaluate', {
    model,
    adapters,
    precision: 'auto',
    data: { path: data, columns },
    limit,
    answers: null,
    sequenceLength,
  });
  if (report.task === 'causal-lm') return report;
  throw new RangeError('the demo is about answers');
}

async function train(
  work: Work,
  options: DemoOptions,
  output: string,
): Promise<{ run: RunRecord; last: StepPoint | null }> {
  let last: StepPoint | null = null;
  const library = { store: work.store(), engine: work.engine };
  const run = await recordRun(
    library,
    demoConfig(options),
    { output },
    {
      signal: work.signal,
      onEvent: (event) => {
        work.show(event);
        if (event.kind === 'step') last = event.point;
      },
    },
  );
  if (run.problem !== null) throw new LorikeetError(run.problem);
  return { run, last };
}

function showAnswers(asked: readonly Asked[]): string {
  return asked
    .map(({ prompt, wanted, answer }) => {
      const right = answer.trim() === wanted.trim();
      const lines = [`  ${prompt}`, `    ${onOneLine(answer)}${right ? '   (right)' : ''}`];
      return [...lines, ...(right ? [] : [`    wanted: ${wanted}`])].join('\n');
    })
    .join('\n');
}

/** An untrained answer may hold anything; control characters would move the cursor. */
function onOneLine(text: string): string {
  return text
    .trim()
    .replace(/\s+/gu, ' ')
    .replace(/\p{Cc}/gu, '·');
}

function showEvaluation({ loss, exactMatch, answers }: Evaluation): string {
  const exact =
    exactMatch === null ? '' : `exact match ${formatPercent(exactMatch)} of ${answers}, `;
  return `Held-out data: ${exact}loss ${loss.toFixed(4)}`;
}

function showRun(run: RunRecord, last: StepPoint | null): string {
  const { trainableParameters: trainable, totalParameters: total, peakMemoryBytes: peak } = run;
  const parts = [`Run ${run.id}, ${run.state} after ${run.step} steps`];
  if (last) parts.push(`in ${formatDuration(last.elapsedSeconds)}, ${meanRate(last)}`);
  if (trainable !== null && total !== null) {
    parts.push(`${formatCount(trainable)} of ${formatCount(total)} parameters trained`);
  }
  if (peak !== null) parts.push(`peak memory ${formatBytes(peak)}`);
  return parts.join(', ');
}

/** Over the whole run, compiling included. */
function meanRate({ tokens, elapsedSeconds }: StepPoint): string {
  return `${(tokens / elapsedSeconds).toFixed(0)} tokens/s`;
}

function showResult(
  before: Evaluation,
  after: Evaluation,
  run: RunRecord,
  last: StepPoint | null,
): string {
  const exact = ({ exactMatch }: Evaluation) =>
    exactMatch === null ? '' : formatPercent(exactMatch);
  const { peakMemoryBytes: peak, output } = run;
  return renderTable(
    ['', 'before', 'after'],
    [
      ['exact match on held-out data', exact(before), exact(after)],
      ['loss on held-out data', before.loss.toFixed(4), after.loss.toFixed(4)],
      [
        'training time',
        '',
        last ? `${formatDuration(last.elapsedSeconds)}, ${meanRate(last)}` : '',
      ],
      ['peak memory', '', peak === null ? '' : formatBytes(peak)],
      ['adapter', '', output],
    ],
  );
}
