/** The export of one adapter: how far it is, and what it came to; kept when the page is left. */
import type { ExportReport } from '../../shared/contract/exports.ts';
import type { AdapterRecord } from '../../shared/contract/records.ts';
import { LorikeetError, toProblem } from '../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../shared/errors/problem.ts';
import { call } from '../bridge.ts';
import { exportPath, type Chosen } from '../lib/export-place.ts';
import { advanced, type WorkProgress } from '../lib/work-progress.ts';
import type { Phase } from './live-run.svelte.ts';

/** How many taken names are passed over before the person has to choose. */
const attempts = 50;

/** What a person has said yes to, and the weights to merge into; null for those of the base. */
export type ExportManner = { otherBase: boolean; force: boolean; mergeBase: string | null };

export class AdapterExport {
  working = $state(false);
  stopping = $state(false);
  /** The last one was cancelled. */
  stopped = $state(false);
  progress = $state.raw<WorkProgress | null>(null);
  report = $state.raw<ExportReport | null>(null);
  problem = $state.raw<Problem | null>(null);

  /** Exports under the first free name in `folder`; nothing that exists is touched. */
  async start(
    adapter: Pick<AdapterRecord, 'id' | 'name'>,
    chosen: Chosen,
    folder: string,
    manner: ExportManner,
  ): Promise<void> {
    if (this.working) return;
    this.working = true;
    this.stopped = false;
    this.report = null;
    this.problem = null;
    try {
      this.report = await exportToFree(adapter, chosen, folder, manner);
    } catch (thrown) {
      const problem = toProblem(thrown);
      if (problem.code === 'engine/cancelled') this.stopped = true;
      else this.problem = problem;
    } finally {
      this.working = false;
      this.stopping = false;
      this.progress = null;
    }
  }

  async stop(adapterId: number): Promise<void> {
    this.stopping = true;
    await call('exports.stop', { adapterId });
  }

  apply(phase: Phase, now = performance.now()): void {
    if (this.working) this.progress = advanced(this.progress, phase, now);
  }
}

async function exportToFree(
  { id: adapterId, name }: Pick<AdapterRecord, 'id' | 'name'>,
  chosen: Chosen,
  folder: string,
  manner: ExportManner,
): Promise<ExportReport> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const output = exportPath(folder, name, chosen, attempt);
      return await call('exports.write', { adapterId, ...chosen, output, ...manner });
    } catch (thrown) {
      if (!isTaken(thrown) || attempt === attempts) throw thrown;
    }
  }
}

function isTaken(thrown: unknown): boolean {
  if (!(thrown instanceof LorikeetError)) return false;
  return thrown.code === 'output/not-empty' || thrown.code === 'output/exists';
}
