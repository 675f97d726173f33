/** Forms that an adapter cannot be exported as, known before the engine is asked. */
import type { AdapterRecord } from '../../shared/contract/records.ts';
import type { ExportFormName } from '../../shared/export-forms.ts';

const inGguf: ReadonlySet<ExportFormName> = new Set(['gguf', 'gguf-adapter', 'ollama']);

/** Why not; null for a form that it may have. What only the files tell, the engine refuses. */
export function barredBecause(
  { labels }: Pick<AdapterRecord, 'labels'>,
  form: ExportFormName,
): string | null {
  if (labels === null || !inGguf.has(form)) return null;
  return 'GGUF files are not written of models that tell texts apart.';
}
