/** Where an export is put: its name out of the adapter's, the form and the type, with a number where that is taken. */
import { exportForms, type ExportFormName } from '../../shared/export-forms.ts';
import { slug } from '../../shared/slug.ts';
import { joinPath } from './paths.ts';

/** What the name says besides the type, so that nothing is taken for what it is not. */
const words: Record<ExportFormName, string | null> = {
  peft: 'peft',
  huggingface: 'merged',
  gguf: null,
  'gguf-adapter': 'adapter',
  ollama: 'ollama',
};

export type Chosen = { to: ExportFormName; type: string | null };

/** 'smart-home-Q8_0.gguf' in `folder`, then 'smart-home-Q8_0-2.gguf' … */
export function exportPath(
  folder: string,
  adapterName: string,
  { to, type }: Chosen,
  attempt = 1,
): string {
  const parts = [slug(adapterName, 'adapter'), words[to], type, attempt > 1 ? attempt : null];
  const name = parts.filter((part) => part !== null).join('-');
  return joinPath(folder, exportForms[to].place === 'file' ? `${name}.gguf` : name);
}
