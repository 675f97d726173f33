/** The training loop: one adapter, or several that share the base and every step. */
import { askedEnd } from '../../../shared/asked-end.ts';
import { lorikeetError, toProblem } from '../../../shared/errors/lorikeet-error.ts';
import type { RunCheckpoint } from '../../../shared/contract/records.ts';
import type { Problem } from '../../../shared/errors/problem.ts';
import { isOutOfMemory } from '../runtime/out-of-memory.ts';
import { BestAdapters } from './best-adapters.ts';
import { HealthMonitor } from './health-monitor.ts';
import type { MemoryWatch } from './memory-watch.ts';
import type { PromptWatch } from './prompt-watch.ts';
import { RunProgress, type TrainingRun } from './run-progress.ts';
import type { GeneralLoss, ProgressState, RunState } from './run-state.ts';
import { standingOut } from './standing-out.ts';
import { keepsNothing, type StateKeeper } from './state-keeper.ts';
import { StepClock } from './step-clock.ts';
import type { StepResult, Trainer } from './trainer.ts';
import { worseHalf } from './worse-half.ts';

export type RunOptions = {
  signal: AbortSignal;
  keeper?: StateKeeper;
  /** The state that they go on from, which the trainer has already. */
  state?: RunState | null;
  /** Looks after every step; nobody does without it. */
  watch?: Pick<MemoryWatch, 'after'>;
  /** What the base alone came to on the general text. */
  general?: GeneralLoss | null;
  /** Answers after every step for which that is due; nobody does without it. */
  prompts?: Pick<PromptWatch, 'after'>;
  /** Keeps what those can go on from that are left when some end; null where that cannot be, which it tells. */
  split?: (leaving: Leaving) => Promise<RunCheckpoint | null>;
  /** The worse half of them ends at every rung (shared/halving.ts), where they can be split. */
  halving?: boolean;
};

/** Some runs have ended, of which the `worse` ones would have had further steps. The state is that of all. */
type Leaving = {
  going: readonly number[];
  worse: readonly number[];
  step: number;
  state: RunState;
};

/**
 * How it ended, with the best adapters. 'paused': those that are not over can go on from the latest that the keeper has; `problem`
 * is what made them pause, or kept their state from being kept. 'over': each run by itself, with the problem that ended it where
 * there was one. 'short': the next step does not get the memory that it takes; `why` is a sentence, and the state that of the step
 * before. 'split': those that are `going` can do so from the checkpoint without the others, which have ended.
 */
export type RunEnd = { endings: readonly ProgressState[]; best: BestAdapters } & (
  | { kind: 'paused'; problem: Problem | null }
  | { kind: 'over' }
  | { kind: 'short'; why: string; step: number; state: RunState }
  | { kind: 'split'; going: readonly number[]; checkpoint: RunCheckpoint }
);

/**
 * Trains until every plan is done or the signal asks for an end, and tells every step. Of several runs one that diverges ends at
 * that step and the others go on; one by itself pauses where it has a checkpoint to go on from.
 */
export async function runTraining(
  trainer: Trainer,
  runs: readonly TrainingRun[],
  options: RunOptions,
): Promise<RunEnd> {
  const { signal, keeper = keepsNothing, state = null, watch, general = null, prompts } = options;
  let { split } = options;
  const loop = new Loop(trainer, runs, state, general);
  for (let active = loop.active; active.length > 0; active = loop.active) {
    // Lets messages in; TensorFlow blocks this thread during a step.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) {
      if (askedEnd(signal) === 'pause') {
        const problem = await keeper.keep(loop.step, loop.state());
        if (problem === null || keeper.latest !== null) return loop.paused(problem);
        // Nothing could be gone on from: what it has learnt is written where there is room for that.
      }
      loop.end(active);
      break;
    }
    const step = loop.next();
    if (step.kind === 'short') return loop.short(step.why);
    const diverged = loop.finish(active, step);
    if (diverged && active.length === 1 && keeper.latest !== null) {
      keeper.goBackTo(diverged.sound);
      return loop.paused(diverged.problem);
    }
    const worse = options.halving && split && !diverged && !loop.suspect ? loop.worseHalf() : [];
    const going = loop.active.filter((adapter) => !worse.includes(adapter));
    if (!diverged) {
      const ended = active.filter((adapter) => !going.includes(adapter));
      await prompts?.after(loop.step, active, ended, signal);
    }
    if (split && loop.canLeave(going)) {
      const { step, endings, best } = loop;
      const checkpoint = await split({ going, worse, step, state: loop.state() });
      if (checkpoint !== null) {
        loop.end(worse);
        return { kind: 'split', going, checkpoint, endings, best };
      }
      // All go on together to their ends.
      split = undefined;
    }
    if (diverged || loop.active.length === 0) continue;
    const shortage = watch?.after() ?? null;
    if (shortage?.grows) return loop.short(shortage.why);
    // Whoever has taken the memory, the kernel may end this process for it: what is learnt is safe then.
    if (shortage) tellShortage(runs, shortage.why);
    const due = keeper.due(loop.step) || (loop.foundBetter && keeper.latest === null);
    if (shortage || (due && !loop.suspect)) await keeper.keep(loop.step, loop.state());
  }
  return { kind: 'over', endings: loop.endings, best: loop.best };
}

function tellShortage(runs: readonly TrainingRun[], why: string): void {
  const text = `Memory is nearly used up. ${why} Closing other programs helps; a checkpoint is written now.`;
  for (const { emit } of runs) emit({ kind: 'notice', text });
}

type Stepped = { kind: 'done'; results: StepResult[]; rates: number[] };

/** `sound`: the last step after which there was a good one. */
type Divergence = { problem: Problem; sound: number };

/** All that the loop goes on with from step to step. */
class Loop {
  readonly progress: readonly RunProgress[];
  readonly best: BestAdapters;
  /** Whether the last step had a best validation: one is not to be lost by a divergence that leaves nothing to go on from. */
  foundBetter = false;
  private readonly trainer: Trainer;
  private readonly runs: readonly TrainingRun[];
  private readonly health: HealthMonitor;
  private readonly clock: StepClock;
  private readonly general: GeneralLoss | null;

  constructor(
    trainer: Trainer,
    runs: readonly TrainingRun[],
    state: RunState | null,
    general: GeneralLoss | null,
  ) {
    this.general = general;
    this.trainer = trainer;
    this.runs = runs;
    this.progress = runs.map((run, i) => new RunProgress(run, state?.runs[i]?.progress));
    const watched = state?.runs.map(({ health }) => health);
    this.health = new HealthMonitor(trainer, runs, watched);
    const kept = state?.runs.map(({ bestParameters }) => bestParameters);
    this.best = new BestAdapters(trainer.layout, kept);
    this.clock = new StepClock(state?.seconds);
  }

  /** The numbers of the runs that have steps before them. */
  get active(): number[] {
    return [...this.progress.keys()].filter((adapter) => this.progress[adapter]?.active);
  }

  get endings(): ProgressState[] {
    return this.progress.map(({ state }) => state);
  }

  /** Whether one of them may be diverging: it is seen only after further steps. */
  get suspect(): boolean {
    return this.progress.some((each) => each.suspect);
  }

  /** Steps that the furthest run has done. */
  get step(): number {
    return Math.max(0, ...this.progress.map(({ state }) => state.steps));
  }

  /** Does a step; 'short' where it did not get its memory, and then nothing has changed. */
  next(): Stepped | { kind: 'short'; why: string } {
    const { trainer, progress, clock } = this;
    const batches = progress.map((each) => each.microBatches());
    const rates = progress.map((each) => each.learningRate());
    clock.start();
    try {
      const results = trainer.step(batches, rates);
      clock.stop();
      return { kind: 'done', results, rates };
    } catch (thrown) {
      if (!isOutOfMemory(thrown)) throw thrown;
      const step = this.step + 1;
      return {
        kind: 'short',
        why: `Step ${step} did not get its memory. ${toProblem(thrown).what}`,
      };
    }
  }

  short(why: string): Extract<RunEnd, { kind: 'short' }> {
    const { step, endings, best } = this;
    return { kind: 'short', why, step, endings, best, state: this.state() };
  }

  /** Those that end at a rung which all have reached; none before it. */
  worseHalf(): number[] {
    const contenders = this.active.flatMap((adapter) => {
      const each = this.progress[adapter];
      if (!each) return [];
      const { validated, state } = each;
      return [{ adapter, validated, loss: state.best?.loss ?? Infinity }];
    });
    return worseHalf(contenders);
  }

  /** Whether some have ended, and what the others have is sound, and something to go on from. */
  canLeave(going: readonly number[]): boolean {
    return going.length > 0 && going.length < this.runs.length && this.step > 0 && !this.suspect;
  }

  paused(problem: Problem | null): Extract<RunEnd, { kind: 'paused' }> {
    const { endings, best } = this;
    return { kind: 'paused', problem, endings, best };
  }

  /** Counts and tells a step. Where one diverges, it ends that, and gives what became of it. */
  finish(active: readonly number[], { results, rates }: Stepped): Divergence | null {
    const { progress, health, clock } = this;
    const broken = notFinite(active, results);
    // Nobody was updated: those that are left do the step again.
    if (broken.length > 0)
      return this.diverged(this.step + 1, broken, (i) =>
        this.noNumber(i, (progress[i]?.state.steps ?? 0) + 1, results[i]),
      );
    for (const adapter of active) {
      const result = results[adapter];
      if (result) progress[adapter]?.finish(result, clock);
    }
    health.after(this.step, active, rates);
    const gone = active.filter((adapter) => progress[adapter]?.active && progress[adapter].runAway);
    if (gone.length > 0) return this.diverged(this.step, gone, (i) => this.farAbove(i));
    const losses = this.validate(active);
    if (losses.size > 0)
      return this.diverged(this.step, [...losses.keys()], (i) =>
        this.noNumber(i, this.step, { loss: losses.get(i) ?? NaN, gradientNorm: NaN }),
      );
    this.end(active.filter((adapter) => progress[adapter]?.state.early));
    return null;
  }

  /** Gives the validation losses that are no finite numbers, by adapter: what these have learnt is of no use. */
  private validate(active: readonly number[]): Map<number, number> {
    const { trainer, progress } = this;
    const broken = new Map<number, number>();
    this.foundBetter = false;
    for (const adapter of active) {
      const each = progress[adapter];
      if (!each?.validationIsDue) continue;
      const { loss, better } = each.validate((blocks) => trainer.evaluate(blocks, adapter));
      if (better) this.best.keep(adapter, trainer.parameters());
      this.foundBetter ||= better;
      if (!Number.isFinite(loss)) broken.set(adapter, loss);
    }
    return broken;
  }

  /** The last readings of runs that end before their plan does. */
  end(adapters: readonly number[]): void {
    this.health.end(this.step, adapters);
  }

  state(): RunState {
    const health = this.health.states();
    return {
      trainer: this.trainer.state(),
      runs: this.progress.map(({ state }, adapter) => ({
        progress: state,
        health: health[adapter] ?? { updates: 0, lastStep: 0 },
        bestParameters: this.best.of(adapter),
      })),
      seconds: this.clock.elapsedSeconds,
      general: this.general,
    };
  }

  private diverged(
    step: number,
    adapters: readonly number[],
    problemOf: (adapter: number) => Problem,
  ): Divergence | null {
    const problems = adapters.map(problemOf);
    const sound = Math.min(...adapters.map((i) => this.progress[i]?.soundStep ?? 0));
    this.health.end(step, adapters);
    for (const [i, adapter] of adapters.entries()) {
      const problem = problems[i];
      if (problem) this.progress[adapter]?.fail(problem);
      this.trainer.clear(adapter);
    }
    const [problem] = problems;
    return problem ? { problem, sound } : null;
  }

  private noNumber(
    adapter: number,
    step: number,
    { loss, gradientNorm }: Pick<StepResult, 'loss' | 'gradientNorm'> = {
      loss: NaN,
      gradientNorm: NaN,
    },
  ): Problem {
    const { routerLoss } = this.runs[adapter]?.config ?? { routerLoss: 0 };
    const module = standingOut(this.health.modulesOf(adapter));
    return lorikeetError('train/loss-not-finite', { step, loss, gradientNorm, routerLoss, module })
      .problem;
  }

  private farAbove(adapter: number): Problem {
    const { now, before } = this.progress[adapter]?.runAway ?? { now: NaN, before: NaN };
    const { routerLoss } = this.runs[adapter]?.config ?? { routerLoss: 0 };
    const module = standingOut(this.health.modulesOf(adapter));
    const { step } = this;
    return lorikeetError('train/diverged', { step, now, before, routerLoss, module }).problem;
  }
}

/** The active runs whose loss is not finite, or where all losses are, those whose gradient is not. */
function notFinite(active: readonly number[], results: readonly StepResult[]): number[] {
  const bad = (figure: 'loss' | 'gradientNorm') =>
    active.filter((adapter) => !Number.isFinite(results[adapter]?.[figure] ?? NaN));
  const losses = bad('loss');
  return losses.length > 0 ? losses : bad('gradientNorm');
}
