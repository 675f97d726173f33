/** Whether a GGUF file says all of a config: it is read again as the file's readers will. */
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
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
  const { config } = architecture;
  const read = parseArchitecture(
    ggufFamily(form.architecture, path).config(
      {
        metadata: plainValues(form.pairs),
        vocabSize: config.vocabSize,
        hasOutput: !config.tieWordEmbeddings,
        read: (name) => form.settings.get(name) ?? null,
      },
      path,
    ),
    path,
  );
  const what = differences(config, read.config);
  if (what.length > 0) throw lorikeetError('export/not-in-gguf', { path, what });
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
