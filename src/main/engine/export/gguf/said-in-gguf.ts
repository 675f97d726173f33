/** Whether a GGUF file says all of a config: it is read again as the file's readers will. */
import { LorikeetError, lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import { ggufFamily, parseArchitecture } from '../../model/families/index.ts';
import type { Architecture } from '../../model/architecture.ts';
import type { GgufForm } from '../../model/gguf-form.ts';
import { plainValues } from '../../tokenizer/gguf-pairs.ts';

/** What follows from the file's vocabulary, is only a name, or says another way what is compared as well. */
const passedOver = new Set([
  ...['modelType', 'bosTokenId', 'eosTokenIds', 'padTokenId', 'keys', 'layerKeys', 'namedFactor'],
]);

/**
 * @param path of the base, for messages
 * Errors: export/not-in-gguf with each setting that readers would take to be another.
 */
export function checkSaid(architecture: Architecture, form: GgufForm, path: string): void {
  const what = differences(architecture.config, readAgain(architecture, form, path));
  if (what.length > 0) throw lorikeetError('export/not-in-gguf', { path, what });
}

/** Errors: export/not-in-gguf for what readers of such a file would refuse, such as LLaMA 3's rope with other constants. */
function readAgain({ config }: Architecture, form: GgufForm, path: string): unknown {
  const file = {
    metadata: plainValues(form.pairs),
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

/** Names of the settings that differ: 'rotations.whole.theta'. Numbers of a file are float32. */
function differences(here: unknown, there: unknown, name = ''): string[] {
  if (typeof here === 'number' && typeof there === 'number') {
    return Math.fround(here) === Math.fround(there) ? [] : [name];
  }
  if (typeof here !== 'object' || typeof there !== 'object' || here === null || there === null) {
    return here === there ? [] : [name];
  }
  const [one, other] = [new Map(Object.entries(here)), new Map(Object.entries(there))];
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((key) => !passedOver.has(key))
    .flatMap((key) =>
      differences(one.get(key), other.get(key), name === '' ? key : `${name}.${key}`),
    );
}
