/** Trying and exporting adapters: each adapter's prompt, answers and report, kept when the page is left. */
import type { StudioEvent } from '../../shared/contract/events.ts';
import type { CommandRequest, CommandResponse } from '../../shared/contract/commands.ts';
import type { AdapterRecord, MergeDtype, MergeReport } from '../../shared/contract/records.ts';
import { LorikeetError, toProblem } from '../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../shared/errors/problem.ts';
import { slug } from '../../shared/slug.ts';
import { call } from '../bridge.ts';
import { joinPath, numbered } from '../lib/paths.ts';
import { ClassifierTrial } from './classifier-trial.svelte.ts';
import type { Phase } from './live-run.svelte.ts';

/** How many taken folders are passed over before the person has to choose. */
const attempts = 50;

export class AdapterWork {
  prompt = $state('');
  maxNewTokens = $state<number | null>(128);
  temperature = $state<number | null>(0);
  trying = $state(false);
  tried = $state.raw<(CommandResponse<'adapters.try'> & { prompt: string }) | null>(null);
  tryProblem = $state.raw<Problem | null>(null);

  readonly classifier = new ClassifierTrial();

  dtype = $state<MergeDtype>('bfloat16');
  /** Where exports go; null for the studio's own folder. */
  folder = $state<string | null>(null);
  exporting = $state(false);
  progress = $state.raw<Phase | null>(null);
  report = $state.raw<MergeReport | null>(null);
  exportProblem = $state.raw<Problem | null>(null);
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

  /** The folder that an export of `adapter` is written to, before it is known whether it is free. */
  output(adapter: AdapterRecord, home: string): string {
    const name = `${slug(adapter.name, 'adapter')}-merged-${this.dtype}`;
    return this.folder === null ? joinPath(home, 'exports', name) : joinPath(this.folder, name);
  }

  /** Sets the panel to an export that was made before, and leads there. */
  exportAgain(dtype: MergeDtype): void {
    this.dtype = dtype;
    this.exportWanted = true;
  }

  /** Exports into the first free folder of the name; nothing that exists is touched. */
  async export(adapter: AdapterRecord, home: string, otherBase = false): Promise<void> {
    if (this.exporting) return;
    this.exporting = true;
    this.progress = null;
    this.report = null;
    this.exportProblem = null;
    try {
      const wanted = { id: adapter.id, dtype: this.dtype, otherBase };
      this.report = await exportToFree(wanted, this.output(adapter, home));
    } catch (thrown) {
      this.exportProblem = toProblem(thrown);
    } finally {
      this.exporting = false;
      this.progress = null;
    }
  }
}

async function exportToFree(
  wanted: Omit<CommandRequest<'adapters.export'>, 'output'>,
  output: string,
): Promise<MergeReport> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call('adapters.export', { ...wanted, output: numbered(output, attempt) });
    } catch (thrown) {
      const taken = thrown instanceof LorikeetError && thrown.code === 'output/not-empty';
      if (!taken || attempt === attempts) throw thrown;
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

  /** Takes in how far an export has come. */
  apply(event: StudioEvent): void {
    if (event.kind !== 'export-progress') return;
    const { phase, done, total } = event;
    this.of(event.adapterId).progress = { phase, done, total };
  }
}

export const adapterWorks = new AdapterWorks();
