/** `lorikeet train`: one run, recorded in the store as the studio's runs are. */
import type { Command } from 'commander';
import { recordRun } from '../../main/runs.ts';
import type { EngineEvent } from '../../shared/contract/engine.ts';
import type { RunRecord } from '../../shared/contract/records.ts';
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { LorikeetError } from '../../shared/errors/lorikeet-error.ts';
import { formatBytes, formatCount } from '../format.ts';
import { flagOf, parseOptions } from '../options.ts';
import { createOutput, type Output } from '../output.ts';
import { renderPairs } from '../table.ts';
import { tellEstimate, trainedOf } from '../estimate.ts';
import {
  addTrainingOptions,
  exclusiveOptions,
  namesAllLinear,
  trainingConfigOf,
  trainingOptions,
  type TrainingOptions,
} from '../training-options.ts';
import { withEngine, type Work } from '../work.ts';

export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .description('Train a LoRA adapter. Ctrl-C stops after the step and writes what there is.')
    .requiredOption('--model <MODEL>', 'name in the library, .gguf file or Hugging Face directory')
    .requiredOption('--data <FILE>', 'JSONL file to learn from')
    .option('--output <DIR>', 'PEFT adapter to write, new or empty; required unless --estimate');
  addTrainingOptions(command)
    .option('--estimate', 'only tell how much memory and how many steps the run would take')
    .option('--json', 'one JSON object a line: each step, each validation, and the end')
    .action(async () => {
      const options = parseOptions(command, trainingOptions);
      for (const [one, other] of exclusiveOptions) {
        if (options[one] !== undefined && options[other] !== undefined) {
          command.error(`error: ${flagOf(one)} and ${flagOf(other)} exclude each other`);
        }
      }
      const output = options.estimate
        ? null
        : (options.output ??
          command.error("error: required option '--output <DIR>' not specified"));
      await withEngine(createOutput(options.json), async (work) => {
        const config = await configOf(work, options);
        if (output !== null) await trainRun(work, config, output);
        else tellEstimate(work.output, await work.call('train.estimate', { config }));
      });
    });
}

async function configOf(work: Work, options: TrainingOptions): Promise<TrainingConfig> {
  const model = await work.resolveModel(options.model);
  const needsModules = namesAllLinear(options.targetModules) && options.layers !== undefined;
  const { modules } = needsModules
    ? await work.call('model.inspect', { path: model })
    : { modules: [] };
  return trainingConfigOf({ ...options, model }, modules);
}

async function trainRun(work: Work, config: TrainingConfig, output: string): Promise<void> {
  const library = { store: work.store(), engine: work.engine };
  const run = await recordRun(
    library,
    config,
    { output },
    {
      signal: work.signal,
      onEvent: (event) => {
        tell(work, event);
      },
    },
  );
  if (run.problem !== null) throw new LorikeetError(run.problem);
  finish(work.output, run, adapterPath(work, run));
}

/** With --json each step and validation as an object, besides what is shown. */
function tell(work: Work, event: EngineEvent): void {
  work.show(event);
  if (event.kind === 'step') work.output.result(event.point);
  if (event.kind === 'validation') {
    const { step, loss, tokens } = event.point;
    work.output.result(
      { validation: event.point },
      () => `step ${step}: validation loss ${loss.toFixed(4)} on ${formatCount(tokens)} tokens`,
    );
  }
  if (event.kind === 'notice' && work.output.json) work.output.result({ notice: event.text });
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
