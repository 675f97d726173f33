/** How a model stands in GGUF files. */
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import type { Architecture } from '../../model/architecture.ts';
import { ggufFamily } from '../../model/families/index.ts';
import type { GgufFamily } from '../../model/family.ts';
import type { GgufForm } from '../../model/gguf-form.ts';

/**
 * @param path of the base, for messages
 * Errors: export/no-gguf-family.
 */
export function ggufOf(
  { ggufForm, config }: Architecture,
  path: string,
): { form: GgufForm; family: GgufFamily } {
  if (!ggufForm)
    throw lorikeetError('export/no-gguf-family', { path, architecture: config.modelType });
  const form = ggufForm();
  return { form, family: ggufFamily(form.architecture, path) };
}
