/** Trying and exporting adapters: each adapter's prompt, answers and report, kept when the page is left. */
import type { StudioEvent } from '../../shared/contract/events.ts';
import type { CommandResponse } from '../../shared/contract/commands.ts';
import { toProblem } from '../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../shared/errors/problem.ts';
import { call } from '../bridge.ts';
import { AdapterExport } from './adapter-export.svelte.ts';
import { ClassifierTrial } from './classifier-trial.svelte.ts';
import { router } from './route.svelte.ts';

export class AdapterWork {
  prompt = $state('');
  maxNewTokens = $state<number | null>(128);
  temperature = $state<number | null>(0);
  trying = $state(false);
  tried = $state.raw<(CommandResponse<'adapters.try'> & { prompt: string }) | null>(null);
  tryProblem = $state.raw<Problem | null>(null);

  readonly classifier = new ClassifierTrial();

  readonly export = new AdapterExport();
  /** Somebody came here to export: the panel takes the focus once it is there. */
  exportWanted = $state(false);

  async try(id: number): Promise<void> {
    if (this.trying || this.prompt.trim() === '') return;
    this.trying = true;
    this.tryProblem = null;
    const { prompt } = this;
    try {
      const answer = await call('adapters.try', {
        id,
        prompt,
        maxNewTokens: this.maxNewTokens ?? 128,
        temperature: this.temperature ?? 0,
      });
      this.tried = { ...answer, prompt };
    } catch (thrown) {
      this.tryProblem = toProblem(thrown);
    } finally {
      this.trying = false;
    }
  }
}

/** The work on every adapter, begun when it is first looked at. */
class AdapterWorks {
  #works = new Map<number, AdapterWork>();

  of(id: number): AdapterWork {
    const known = this.#works.get(id);
    if (known !== undefined) return known;
    const work = new AdapterWork();
    this.#works.set(id, work);
    return work;
  }

  /** Leads to the panel that exports this adapter. */
  showExport(id: number): void {
    this.of(id).exportWanted = true;
    router.go({ page: 'adapters', id });
  }

  /** Takes in how far an export has come. */
  apply(event: StudioEvent): void {
    if (event.kind !== 'export-progress') return;
    this.of(event.adapterId).export.apply(event);
  }
}

export const adapterWorks = new AdapterWorks();
