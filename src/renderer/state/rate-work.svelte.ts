/** The search for a learning rate: what is tried, how far it has come, and what it came to; kept when the page is left. */
import type { StudioEvent } from '../../shared/contract/events.ts';
import type { RateSearch, RateTrial } from '../../shared/contract/rate-search.ts';
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { searched, usualRates, widened } from '../../shared/rate-search.ts';
import { call } from '../bridge.ts';
import { typedTrials } from '../lib/rate-trials.ts';
import { advanced, type WorkProgress } from '../lib/work-progress.ts';
import { Asked } from './asked.svelte.ts';

export class RateWork {
  /** Whether it is shown. */
  open = $state(false);
  /** As they are typed. */
  rates = $state(usualRates.join(', '));
  alphas = $state('');
  stopping = $state(false);
  progress = $state.raw<WorkProgress | null>(null);
  /** What was tried last, and the training losses of each so far. */
  trials = $state.raw<readonly RateTrial[]>([]);
  losses = $state.raw<readonly (readonly number[])[]>([]);
  readonly asked = new Asked<RateSearch>();

  /** Tries what was typed on a run; nothing happens where that makes no trials. */
  async search(config: TrainingConfig): Promise<void> {
    const typed = typedTrials(this.rates, this.alphas, config.lora.alpha);
    if (!typed.ok || this.asked.busy) return;
    this.trials = typed.trials;
    this.losses = typed.trials.map(() => []);
    this.progress = null;
    const request = { config, trials: typed.trials };
    await this.asked.ask(formOf(config), () => call('rates.search', request));
    this.progress = null;
    this.stopping = false;
  }

  /** Whether what was found is of another run than this one, its name and rate aside. */
  isOfAnother(config: TrainingConfig): boolean {
    return this.asked.answer !== null && this.asked.answer.of !== formOf(config);
  }

  /** Goes on with further rates below or above. */
  widen(edge: 'lowest' | 'highest'): void {
    const tried = this.trials.map(({ learningRate }) => learningRate);
    this.rates = widened(tried, edge).join(', ');
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await call('rates.stop', undefined);
  }

  apply(event: StudioEvent, now = performance.now()): void {
    if (!this.asked.busy) return;
    if (event.kind === 'rate-progress') this.progress = advanced(this.progress, event, now);
    if (event.kind !== 'rate-step') return;
    const { trial, step, loss } = event;
    this.losses = this.losses.map((each, i) =>
      i === trial ? [...each.slice(0, step - 1), loss] : each,
    );
  }
}

/** What a search is of. */
function formOf(config: TrainingConfig): string {
  const lora = { ...config.lora, alpha: 0 };
  return JSON.stringify({ ...searched(config), name: '', learningRate: 0, lora });
}

export const rateWork = new RateWork();
