/** A worker with small handlers, to test the plumbing of calls, events, cancelling and crashes without TensorFlow. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { serveEngine } from '../../../src/main/engine/serve.ts';
import type {
  EngineContext,
  EngineEvent,
  EngineHandlers,
  EngineRequest,
  Generation,
  EngineResponse,
  TrainOutcome,
} from '../../../src/shared/contract/engine.ts';
import { askedEnd } from '../../../src/shared/asked-end.ts';
import type { ExportReport } from '../../../src/shared/contract/exports.ts';
import type { HeldBase, LearntLabels } from '../../../src/shared/contract/records.ts';
import type { StepPoint } from '../../../src/shared/contract/run-points.ts';
import type { TrainingConfig } from '../../../src/shared/contract/training-config.ts';
import { lorikeetError } from '../../../src/shared/errors/lorikeet-error.ts';
import { exportedOrigin, partOf, trainedOrigin } from '../../support/sample-origins.ts';
import { smallConfig } from '../small-config.ts';
import { description, health } from '../store/sample-records.ts';

/** Tells `prompt` back in letters, so that order and content of answers can be seen. */
function echo(text: string): Generation {
  return { text, tokens: text.length, tokensPerSecond: 1 };
}

function refuse(): never {
  throw new Error('this worker cannot do that');
}

/** A run that classifies learns two classes. */
function labelsOf({ task }: TrainingConfig): LearntLabels | null {
  if (task === 'causal-lm') return null;
  return { problem: 'single_label_classification', names: ['off', 'on'], pairs: false };
}

/** Automatic takes NF4 here. */
function heldFor({ base, doubleQuant }: TrainingConfig): HeldBase {
  return { form: base === 'auto' ? 'nf4' : base, doubleQuant };
}

function smallStep(config: TrainingConfig, step: number, totalSteps: number): StepPoint {
  return {
    ...{ step, totalSteps, epoch: step / totalSteps, loss: 3 / step, gradientNorm: 1 },
    ...{ learningRate: config.learningRate, tokens: step * 8, tokensPerSecond: 80 },
    ...{ elapsedSeconds: step / 10, secondsLeft: (totalSteps - step) / 10 },
  };
}

async function trainSmall(
  { config, output, checkpoints, resume }: EngineRequest<'train'>,
  { emit, signal }: EngineContext,
): Promise<EngineResponse<'train'>> {
  const totalSteps = config.duration.kind === 'steps' ? config.duration.steps : 1;
  emit({
    kind: 'prepared',
    ...{ trainableParameters: 10, totalParameters: 100, totalSteps, labels: labelsOf(config) },
    base: heldFor(config),
  });
  emit({ kind: 'notice', text: 'Two texts were cut.' });
  let step = Number(resume?.split('-').at(-1) ?? 0);
  while (step < totalSteps && !signal.aborted) {
    step += 1;
    emit({ kind: 'step', point: smallStep(config, step, totalSteps) });
    await sleep(2);
  }
  emit({ kind: 'validation', point: { step, loss: 2.5, tokens: 64, report: null } });
  emit({ kind: 'health', point: health(step) });
  if (signal.aborted && askedEnd(signal) === 'pause') {
    const checkpoint = { path: `${checkpoints ?? output}/step-${step}`, step, at: 0 };
    emit({ kind: 'checkpoint', checkpoint });
    return { kind: 'paused', paused: { steps: step, checkpoint, problem: null } };
  }
  return {
    kind: 'trained',
    result: {
      ...{ adapter: output, stopped: signal.aborted, steps: step, origin: trainedOrigin(config) },
      ...{ trainableParameters: 10, totalParameters: 100 },
      ...{ early: false, best: null, last: null },
    },
  };
}

/** Writes when the type is the usual one, and else goes on until it is stopped. */
async function exportSmall(
  { to, type, output }: EngineRequest<'export'>,
  { emit, signal }: EngineContext,
): Promise<ExportReport> {
  emit({ kind: 'progress', phase: 'Merging and writing', done: 1, total: 2 });
  while (type !== null) {
    await sleep(2);
    signal.throwIfAborted();
  }
  return {
    ...{ to, type, output, bytes: 0, files: [], passed: true, failures: [], mergedModules: 1 },
    ...{
      base: null,
      roundingLoss: 0,
      answers: null,
      tensors: null,
      approximation: null,
      notices: [],
    },
  };
}

const handlers: EngineHandlers = {
  'device.inspect': refuse,
  'model.inspect': ({ path }) => {
    if (existsSync(path)) return description;
    throw lorikeetError('studio/not-found', { kind: 'model', name: path });
  },
  'data.inspect': ({ path }) => {
    if (existsSync(path))
      return {
        path,
        unit: 'line',
        columns: [],
        formats: ['text'],
        examples: 1,
        badLines: [],
        preview: [],
        labels: null,
        notices: [],
        repeats: { examples: 0, first: [] },
        overlap: null,
        tokens: null,
      };
    // Outside of the handler's promise: what a bug in a callback does.
    if (path === 'crash') setTimeout(refuse, 1);
    if (path === 'exit') process.exit(7);
    // And 'stuck' stays without an answer.
    return new Promise(() => {});
  },
  'train.estimate': ({ configs: [config] }) => {
    if (!config) throw new RangeError('an estimate of nothing');
    const { lora, duration } = config;
    if (lora.rank > 64) {
      throw lorikeetError('lora/bad-rank', { rank: lora.rank, most: 64, module: 'q_proj' });
    }
    return {
      base: { form: 'dense', doubleQuant: false },
      aboutBase: [],
      memory: {
        totalBytes: 10,
        ...{ runtimeBytes: 1, weightBytes: 2, adapterBytes: 3, activationBytes: 4 },
      },
      freeMemoryBytes: 20,
      refusal: null,
      totalSteps: duration.kind === 'steps' ? duration.steps : 1,
      ...{ trainableParameters: 10, totalParameters: 100 },
    };
  },
  train: trainSmall,
  'train.variants': ({ variants }, { emit, signal }) =>
    Promise.all(
      variants.map(async (each, variant): Promise<TrainOutcome> => {
        const own = (event: EngineEvent) => {
          emit({ kind: 'variant', variant, event });
        };
        const outcome = await trainSmall(each, { emit: own, signal });
        const problem = lorikeetError('train/loss-not-finite', {
          ...{ step: 3, loss: NaN, gradientNorm: NaN, routerLoss: 0, module: null },
        });
        if (each.config.learningRate > 1) return { kind: 'failed', problem: problem.problem };
        return outcome;
      }),
    ),
  // The largest rate diverges, and of the others the larger learns more.
  'train.search': async ({ config, trials }, { emit, signal }) => {
    const steps = config.duration.kind === 'steps' ? config.duration.steps : 1;
    for (let step = 1; step <= steps; step += 1) {
      if (signal.aborted) throw lorikeetError('engine/cancelled', { work: 'The search' });
      emit({ kind: 'progress', phase: 'Trying learning rates', done: step, total: steps });
      for (const variant of trials.keys())
        emit({
          kind: 'variant',
          variant,
          event: { kind: 'step', point: smallStep(config, step, steps) },
        });
      await sleep(2);
    }
    const details = { step: 2, now: 9, before: 2, routerLoss: 0, module: null };
    const { problem } = lorikeetError('train/diverged', details);
    return {
      trials: trials.map((trial) =>
        trial.learningRate > 1
          ? { ...trial, loss: null, problem }
          : { ...trial, loss: 3 - trial.learningRate, problem: null },
      ),
      ...{ steps, totalSteps: steps, epochs: 1, measure: 'validation', measuredOver: 4 },
    };
  },
  evaluate: refuse,
  'evaluate.table': refuse,
  classify: refuse,
  generate: async ({ prompts }) => {
    await sleep(5);
    return prompts.map((prompt) => echo(prompt.kind === 'text' ? prompt.text : ''));
  },
  'generate.variants': refuse,
  'generate.table': refuse,
  chat: refuse,
  compare: refuse,
  logits: refuse,
  merge: refuse,
  export: exportSmall,
  compose: refuse,
  'adapter.inspect': refuse,
  'origin.read': ({ path }) => {
    const trained = trainedOrigin(smallConfig());
    return path.includes('exports') ? exportedOrigin([partOf('/traced', 1, trained)]) : trained;
  },
};

if (parentPort !== null) serveEngine(parentPort, handlers);
