/** The tokenizers of every kind as a model's files have them, for GGUF. */
import {
  createTokenizer,
  type TokenizerConfig,
} from '../../../../src/main/engine/tokenizer/tokenizer.ts';
import { preTokenizerRule } from '../../../../src/main/engine/tokenizer/pre-tokenizers.ts';
import type { TokenizerFiles } from '../../../../src/main/engine/tokenizer/files.ts';
import { kinds, readKind } from './kinds.ts';

/** What tokenizer_config.json says of those whose tokens with a role cannot be told from tokenizer.json. */
const named: Readonly<Record<string, Record<string, string>>> = {
  bert: { mask_token: '[MASK]', pad_token: '[PAD]' },
  gemma: { bos_token: '<bos>', eos_token: '<eos>', pad_token: '<pad>' },
  roberta: { mask_token: '<mask>', pad_token: '<pad>', unk_token: '<unk>' },
  'xlm-roberta': { mask_token: '<mask>', pad_token: '<pad>' },
  tekken: { bos_token: '<s>', eos_token: '</s>' },
};

/** GGUF has no word for a space before every text of byte pairs, and llama.cpp none for capital letters in WordPiece. */
export const kindsInGguf = kinds.filter((name) => !['roberta-spaced', 'bert-cased'].includes(name));

export function kindFiles(name: string): TokenizerFiles {
  return {
    tokenizerFile: null,
    tokenizerJson: readKind(name).tokenizer,
    tokenizerConfig: named[name] ?? { eos_token: '<|endoftext|>' },
    chatTemplate: null,
    generationConfig: null,
    notices: [],
  };
}

/** With a few more rows than tokens, as models have them. */
export function kindConfig(name: string): TokenizerConfig {
  const ids = { bosTokenId: null, eosTokenIds: [] };
  const { vocabSize } = createTokenizer(kindFiles(name), { ...ids, vocabSize: 1 << 16 });
  return { ...ids, vocabSize: vocabSize + 3 };
}

/** Byte pairs of the kind "gpt-2", cut by the rule of that name. */
export function filesOfRule(name: string): TokenizerFiles {
  const { tokenizer } = readKind('gpt-2');
  const rule = preTokenizerRule(name);
  const tokenizerJson = {
    ...tokenizer,
    normalizer: rule?.normalizer,
    pre_tokenizer: rule?.preTokenizer,
    model: { ...tokenizer.model, ignore_merges: rule?.ignoreMerges },
  };
  return { ...kindFiles('gpt-2'), tokenizerJson };
}
