/** The same prompts answered by the adapters of several runs: what is asked, how far it has come, what was said; kept when the page is left. */
import type { CommandResponse } from '../../shared/contract/commands.ts';
import type { StudioEvent } from '../../shared/contract/events.ts';
import { call } from '../bridge.ts';
import type { Beside } from '../lib/compare-answers.ts';
import { advanced, type WorkProgress } from '../lib/work-progress.ts';
import { Asked } from './asked.svelte.ts';

export type ComparedAnswers = CommandResponse<'answers.ask'> & { prompts: readonly string[] };

export class AnswerComparison {
  prompts = $state(['']);
  maxNewTokens = $state<number | null>(128);
  temperature = $state<number | null>(0);
  base = $state(true);
  /** What answers are held against. */
  beside = $state<Beside>('base');
  stopping = $state(false);
  progress = $state.raw<WorkProgress | null>(null);
  readonly answers = new Asked<ComparedAnswers>();

  /** Those with something in them. */
  asked = $derived(this.prompts.filter((prompt) => prompt.trim() !== ''));

  /** What answers have to be of to be those of the form, asked of these adapters. */
  key(adapters: readonly number[]): string {
    const { asked, maxNewTokens, temperature, base } = this;
    return JSON.stringify({ adapters, asked, maxNewTokens, temperature, base });
  }

  add(): void {
    this.prompts = [...this.prompts, ''];
  }

  remove(index: number): void {
    this.prompts = this.prompts.filter((_, at) => at !== index);
  }

  async ask(adapters: readonly number[]): Promise<void> {
    const prompts = this.asked;
    if (this.answers.busy || adapters.length === 0 || prompts.length === 0) return;
    this.progress = null;
    await this.answers.ask(this.key(adapters), async () => {
      const told = await call('answers.ask', {
        ...{ adapters: [...adapters], base: this.base, prompts },
        maxNewTokens: this.maxNewTokens ?? 128,
        temperature: this.temperature ?? 0,
      });
      return { ...told, prompts };
    });
    this.progress = null;
    this.stopping = false;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await call('answers.stop', undefined);
  }

  apply(event: StudioEvent, now = performance.now()): void {
    if (event.kind !== 'answers-progress' || !this.answers.busy) return;
    this.progress = advanced(this.progress, event, now);
  }
}

export const answerComparison = new AnswerComparison();
