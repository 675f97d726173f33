/** Whether a GGUF file says all of a config: it is read again as the file's readers will. */
import { LorikeetError, lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import { ggufFamily, parseArchitecture } from '../../model/families/index.ts';
import type { Architecture } from '../../model/architecture.ts';
import { ggufValues } from '../../model/gguf-values.ts';
import type { GgufForm } from '../../model/gguf-form.ts';
import { plainValues } from '../../tokenizer/gguf-pairs.ts';
import { configDifferences } from '../config-differences.ts';

/**
 * @param path of the base, for messages
 * Errors: export/not-in-gguf with each setting that readers would take to be another.
 */
export function checkSaid(architecture: Architecture, form: GgufForm, path: string): void {
  const what = configDifferences(architecture.config, readAgain(architecture, form, path));
  if (what.length > 0) throw lorikeetError('export/not-in-gguf', { path, what });
}

/** Errors: export/not-in-gguf for what readers of such a file would refuse, such as LLaMA 3's rope with other constants. */
function readAgain({ config }: Architecture, form: GgufForm, path: string): unknown {
  const metadata = {
    ...plainValues(form.pairs),
    'general.architecture': form.architecture,
  };
  const file = {
    ...{ metadata, value: ggufValues(metadata) },
    vocabSize: config.vocabSize,
    hasOutput: !config.tieWordEmbeddings,
    read: (name: string) => form.settings.get(name) ?? null,
  };
  try {
    const json = ggufFamily(form.architecture, path).config(file, path);
    return parseArchitecture(json, path).config;
  } catch (cause) {
    if (!(cause instanceof LorikeetError)) throw cause;
    throw lorikeetError('export/not-in-gguf', { path, what: ['all settings'] }, { cause });
  }
}
