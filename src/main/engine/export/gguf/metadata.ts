/** The key-values of a GGUF file of a merged model. */
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { ggufTokenizer } from '../../tokenizer/to-gguf.ts';
import type { GgufPairs, GgufValue } from '../../tokenizer/gguf-pairs.ts';
import { string, uint32, type GgufForm } from '../../model/gguf-form.ts';

/** Of a file that another was made from: they say how its tensors were stored and divided, which is another matter now. */
const ofStorage = /^(?:general\.(?:file_type|quantization_version|alignment)$|quantize\.|split\.)/;

export type GgufMetadata = { pairs: GgufPairs; notices: readonly string[] };

/**
 * What the base's own file says stays as it is; of a Hugging Face directory config and tokenizer are written down.
 * @param fileType `general.file_type`
 * Errors: those of the tokenizer.
 */
export function ggufMetadata(base: Checkpoint, form: GgufForm, fileType: number): GgufMetadata {
  const { pairs, notices } = base.ggufPairs
    ? { pairs: kept(base.ggufPairs()), notices: [] }
    : described(base, form);
  const ofFile: [string, GgufValue][] = [
    ['general.file_type', uint32(fileType)],
    ['general.quantization_version', uint32(2)],
  ];
  return { pairs: new Map([...pairs, ...ofFile]), notices: [...form.notices, ...notices] };
}

function kept(pairs: GgufPairs): [string, GgufValue][] {
  return [...pairs].filter(([key]) => !ofStorage.test(key));
}

function described(base: Checkpoint, form: GgufForm) {
  const { path, tokenizer: files, config } = base;
  const tokenizer = ggufTokenizer(files, config, path);
  const general: [string, GgufValue][] = [
    ['general.architecture', string(form.architecture)],
    ['general.type', string('model')],
  ];
  return {
    pairs: [...general, ...form.pairs, ...tokenizer.metadata],
    notices: tokenizer.notices,
  };
}
