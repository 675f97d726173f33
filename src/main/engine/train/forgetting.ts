/** What runs cost the model of what it could do before: the loss on a general text, of the base alone and with each adapter. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import { toProblem } from '../../../shared/errors/lorikeet-error.ts';
import type { GeneralText } from '../batch/general-text.ts';
import type { Evaluation } from '../score/evaluation.ts';
import type { TrainingRun } from './run-progress.ts';
import type { GeneralLoss } from './run-state.ts';
import type { Trainer } from './trainer.ts';

type Measured = Pick<Evaluation, 'loss' | 'tokens'>;

/**
 * Goes through the training's own program with its gates moved, so that there is no second model, and neither a step nor a number
 * of the adapters is another for it.
 */
export class Forgetting {
  private readonly trainer: Pick<Trainer, 'generalLoss' | 'setParameters'>;
  private readonly text: GeneralText | null;
  private readonly runs: readonly Pick<TrainingRun, 'emit'>[];
  private readonly emit: EngineContext['emit'];
  private known: GeneralLoss | null = null;

  /** @param text null measures nothing */
  constructor(
    trainer: Pick<Trainer, 'generalLoss' | 'setParameters'>,
    text: GeneralText | null,
    runs: readonly Pick<TrainingRun, 'emit'>[],
    { emit }: Pick<EngineContext, 'emit'>,
  ) {
    this.trainer = trainer;
    this.text = text;
    this.runs = runs;
    this.emit = emit;
  }

  /**
   * The loss of the base alone, to be asked for before the first step, and told then. One that was `measured` on the same text is
   * kept. Null where nothing is measured, where it cannot be, which is told, and where the signal asks for an end meanwhile.
   */
  async before(measured: GeneralLoss | null, signal: AbortSignal): Promise<GeneralLoss | null> {
    const { text } = this;
    if (!text) return null;
    if (measured?.tokens === text.sha256) this.known = measured;
    else {
      const found = await this.measure(text, null, signal);
      if (!found) return null;
      this.known = { tokens: text.sha256, loss: found.loss };
      for (const run of this.runs) this.tell(run, text, found.tokens, found.loss, null);
    }
    return this.known;
  }

  /**
   * The loss with each adapter as it was written; to be asked for last, as the trainer is not trained any further.
   * @param parameters [P]
   * @param adapters those that were
   */
  async after(parameters: Float32Array, adapters: readonly number[]): Promise<void> {
    const { text, known } = this;
    if (!text || !known || adapters.length === 0) return;
    this.trainer.setParameters(parameters);
    for (const adapter of adapters) {
      const found = await this.measure(text, adapter);
      const run = this.runs[adapter];
      if (!found || !run) return;
      this.tell(run, text, found.tokens, known.loss, found.loss);
    }
  }

  /** Null where it cannot be measured, or is not to be any more. */
  private async measure(
    { blocks }: GeneralText,
    adapter: number | null,
    signal?: AbortSignal,
  ): Promise<Measured | null> {
    let done = 0;
    const pause = async (count: number) => {
      done += count;
      const phase = 'Reading the general text';
      this.emit({ kind: 'progress', phase, done, total: blocks.length });
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    };
    try {
      const found = await this.trainer.generalLoss(blocks, adapter, pause);
      if (Number.isFinite(found.loss)) return found;
      this.tellNot('The loss on the general text is no finite number.');
    } catch (thrown) {
      if (!signal?.aborted) this.tellNot(toProblem(thrown).what);
    }
    return null;
  }

  private tellNot(why: string): void {
    this.emit({ kind: 'notice', text: `What the model forgets could not be measured. ${why}` });
  }

  private tell(
    { emit }: Pick<TrainingRun, 'emit'>,
    { path }: GeneralText,
    tokens: number,
    before: number,
    after: number | null,
  ): void {
    emit({ kind: 'forgetting', forgetting: { path, tokens, before, after } });
  }
}
