/** A byte-level BPE vocabulary of a GGUF file (`gpt2`), with a split rule that the file names. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { bpeModel, frameTokens, namedToken, type Core } from './gguf-core.ts';
import type { GgufVocabulary } from './gguf-metadata.ts';
import { splitMerge } from './merges.ts';
import { preTokenizerNames, preTokenizerRule, type PreTokenizerRule } from './pre-tokenizers.ts';
import { robertaFrame, startWith } from './post-processors.ts';

const unnamedRule =
  "The GGUF file does not name its tokenizer's split rule (tokenizer.ggml.pre). llama.cpp's default rule is used, which is a guess: where it is another one, texts become other tokens than the model was taught on. A newer conversion of the model names it.";

/** @throws tokenizer/not-supported for a rule that is not known, by name; tokenizer/damaged without merges */
export function byteLevelCore(vocabulary: GgufVocabulary, path: string): Core {
  const name = vocabulary.pre ?? 'default';
  const rule = preTokenizerRule(name);
  if (rule === null) {
    const reason = `its split rule is "${name}", and only ${preTokenizerNames.join(', ')} are known`;
    throw lorikeetError('tokenizer/not-supported', { path, reason });
  }
  if (vocabulary.merges === null) {
    throw lorikeetError('tokenizer/damaged', { path, reason: 'tokenizer.ggml.merges is missing' });
  }
  return {
    normalizer: rule.normalizer,
    pre_tokenizer: rule.preTokenizer,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: bpeModel(vocabulary, vocabulary.merges.map(splitMerge), {
      unk_token: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: rule.ignoreMerges,
    }),
    ...aroundTexts(vocabulary, rule, path),
    notices: vocabulary.pre === null ? [unnamedRule] : [],
  };
}

function aroundTexts(
  vocabulary: GgufVocabulary,
  { around }: PreTokenizerRule,
  path: string,
): Pick<Core, 'post_processor' | 'addBos' | 'takesSpace'> {
  const { bos, mask } = vocabulary.ids;
  if (around === 'encoder') {
    const processor = robertaFrame(frameTokens(vocabulary, path));
    return { post_processor: processor, addBos: null, takesSpace: mask };
  }
  const addBos = vocabulary.addBos ?? around === 'bos';
  const start = addBos ? namedToken(vocabulary, bos) : null;
  return { post_processor: start && startWith(start), addBos, takesSpace: null };
}
