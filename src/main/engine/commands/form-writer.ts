/** What a form of export has to say: how much room it needs, and how it is written. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { ExportReport } from '../../../shared/contract/exports.ts';
import type { Blend } from './open-blend.ts';

export type WrittenForm = Omit<
  ExportReport,
  'to' | 'type' | 'output' | 'bytes' | 'files' | 'notices'
>;

/**
 * Checks what can be checked before anything is written. `type` is one of the form's; `force`: also what would lose what the
 * adapters change.
 */
export type FormWriter = (
  blend: Blend,
  type: string,
  context: EngineContext,
  force: boolean,
) => {
  /** Bytes. */
  needed: number;
  /** Writes an empty folder, or a file that is not there yet. */
  write: (path: string) => Promise<WrittenForm>;
};
