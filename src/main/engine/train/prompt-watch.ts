/** Prompts that are answered again and again while runs train, by which one sees how the answers change. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import { toProblem } from '../../../shared/errors/lorikeet-error.ts';
import type { TrainingRun } from './run-progress.ts';
import type { Trainer } from './trainer.ts';

export type Watched = {
  prompts: readonly {
    asked: string;
    /** What the data has for an answer; null for a prompt that somebody typed. */
    wanted: string | null;
    tokens: readonly number[];
  }[];
  maxNewTokens: number;
  stopTokens: readonly number[];
  decode: (tokens: readonly number[]) => string;
};

type Answering = Pick<TrainingRun, 'plan'> & { config: { answerEvery: number } };
type Run = Answering & Pick<TrainingRun, 'emit'>;

/** How often a run answers where nothing else is asked for, beside before its first step. */
const rounds = 5;

/** Steps from one answer of a run to its next. */
const everyOf = ({ config, plan }: Answering): number =>
  config.answerEvery || Math.max(1, Math.ceil(plan.totalSteps / rounds));

/** How often the program answers: the base once, each run before its first step and on its way. */
export function timesAnswered(runs: readonly Answering[]): number {
  const times = runs.map((run) => 1 + Math.ceil(run.plan.totalSteps / everyOf(run)));
  return times.reduce((sum, each) => sum + each, 1);
}

/**
 * The answers come out of the training's own session, with the weights that it has: there is no second model, and neither a step
 * nor a number of the adapters is another for it.
 */
export class PromptWatch {
  private readonly trainer: Pick<Trainer, 'answer'>;
  private readonly runs: readonly Run[];
  private readonly emit: EngineContext['emit'];
  /** Null where nothing is asked, or not any more. */
  private watched: Watched | null;

  constructor(
    trainer: Pick<Trainer, 'answer'>,
    watched: Watched | null,
    runs: readonly Run[],
    { emit }: Pick<EngineContext, 'emit'>,
  ) {
    this.trainer = trainer;
    this.watched = watched;
    this.runs = runs;
    this.emit = emit;
  }

  /** The answers of the base alone, and of each adapter as it begins. To be called where no step is done yet. */
  async before(signal: AbortSignal): Promise<void> {
    const { watched } = this;
    if (!watched) return;
    const base = await this.ask(watched, null, signal);
    if (!base) return;
    const prompts = watched.prompts.map(({ asked, wanted }, i) => ({
      ...{ asked, wanted, base: base[i] ?? '' },
    }));
    for (const { emit } of this.runs) emit({ kind: 'watched', prompts });
    await this.answer(watched, 0, [...this.runs.keys()], signal);
  }

  /**
   * The answers of those adapters that are due after a step.
   * @param adapters those that it has updated
   * @param ended those of them for which it was the last
   */
  async after(
    step: number,
    adapters: readonly number[],
    ended: readonly number[],
    signal: AbortSignal,
  ): Promise<void> {
    const { watched } = this;
    if (!watched) return;
    const due = adapters.filter((i) => {
      const run = this.runs[i];
      return run && (ended.includes(i) || step % everyOf(run) === 0);
    });
    await this.answer(watched, step, due, signal);
  }

  private async answer(
    watched: Watched,
    step: number,
    adapters: readonly number[],
    signal: AbortSignal,
  ): Promise<void> {
    for (const adapter of adapters) {
      const answers = await this.ask(watched, adapter, signal);
      if (!answers) return;
      this.runs[adapter]?.emit({ kind: 'answers', point: { step, answers } });
    }
  }

  /** Null where it cannot be answered, which ends the watch and is told, and where the signal asks for an end meanwhile. */
  private async ask(
    { prompts, maxNewTokens, stopTokens, decode }: Watched,
    adapter: number | null,
    signal: AbortSignal,
  ): Promise<string[] | null> {
    const total = prompts.length;
    this.emit({ kind: 'progress', phase: 'Answering prompts', done: 0, total });
    const pause = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    };
    try {
      const tokens = prompts.map((prompt) => prompt.tokens);
      const sampling = { maxNewTokens, stopTokens };
      const answers = await this.trainer.answer(tokens, adapter, sampling, pause);
      this.emit({ kind: 'progress', phase: 'Answering prompts', done: total, total });
      return answers.map(decode);
    } catch (thrown) {
      if (signal.aborted) return null;
      this.watched = null;
      const text = `Prompts are not answered any more in this run. ${toProblem(thrown).what}`;
      this.emit({ kind: 'notice', text });
      return null;
    }
  }
}
