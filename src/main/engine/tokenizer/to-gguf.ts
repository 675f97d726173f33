/** Writes a tokenizer as key-values of a GGUF file, and proves it by reading them. */
import { listed } from '../../../shared/errors/listed.ts';
import type { TokenizerFiles } from './files.ts';
import { framingOf } from './framing.ts';
import type { GgufPairs } from './gguf-pairs.ts';
import { namedTemplates } from './named-templates.ts';
import { repairModel } from './repair-model.ts';
import { byteLevelKind } from './to-gguf-byte-level.ts';
import { roleEntries, tokensAround } from './to-gguf-roles.ts';
import { sentencePieceKind, unigramKind } from './to-gguf-sentencepiece.ts';
import {
  notInGguf,
  text,
  texts,
  type GgufEntry,
  type GgufKind,
  type GgufSource,
} from './to-gguf-source.ts';
import { rightWay } from './to-gguf-way.ts';
import { wordPieceKind } from './to-gguf-word-piece.ts';
import { createTokenizer, type TokenizerConfig } from './tokenizer.ts';
import { tokenizerJsonShape } from './tokenizer-json.ts';
import { vocabularyWords } from './vocabulary.ts';

export type GgufTokenizer = {
  /** The keys that begin with `tokenizer.`. */
  metadata: GgufPairs;
  /** What of the tokenizer a GGUF file cannot say, in sentences for a person. */
  notices: readonly string[];
};

/**
 * The tokenizer of a Hugging Face directory as GGUF key-values. A model that is a GGUF file has its own keys, which are carried
 * over as they are.
 *
 * Nothing is taken from the names of models: a split rule gets the name under which texts are cut alike, and what is written is
 * read again and has to give the same ids for odd texts.
 * @param config the model's, for its ids and the rows of its embedding, each of which gets a token
 * @param path of the model, for errors
 * @throws tokenizer/not-in-gguf for what the format has no words for, by what it does; tokenizer/damaged, tokenizer/not-supported
 */
export function ggufTokenizer(
  files: TokenizerFiles,
  config: TokenizerConfig,
  path: string,
): GgufTokenizer {
  const source = sourceOf(files, config, path);
  const { frames } = framingOf(files, config.bosTokenId, (word) => source.words.get(word));
  const around = tokensAround(source, frames);
  const framed = around.start !== null && around.end !== null;
  const kind = kindOf(source, framed);
  if (new Set(kind.tokens.texts).size < source.rows) {
    throw notInGguf(source, 'two of its tokens would be written as the same text');
  }
  const roles = roleEntries(source, files, around);
  const entries: GgufEntry[] = [
    ['tokenizer.ggml.model', text(kind.model)],
    ...kind.entries,
    ['tokenizer.ggml.tokens', texts(kind.tokens.texts)],
    ['tokenizer.ggml.token_type', { type: 'array', of: 'int32', value: kind.tokens.types }],
    ...roles.entries,
    ...templateEntries(files),
  ];
  const { way, notices } = rightWay(source, kind, entries, config);
  return {
    metadata: new Map([...entries, ...way]),
    notices: [
      ...notices,
      ...roles.notices,
      ...tellBeyond(source),
      ...tellSpaceTakers(source, framed),
    ],
  };
}

function sourceOf(files: TokenizerFiles, config: TokenizerConfig, path: string): GgufSource {
  const tokenizer = createTokenizer(files, config);
  const json = tokenizerJsonShape.parse(files.tokenizerJson);
  return {
    model: repairModel(json.model),
    normalizer: json.normalizer,
    preTokenizer: json.pre_tokenizer,
    words: new Map([
      ...vocabularyWords.parse(json.model.vocab),
      ...json.added_tokens.map(({ content, id }): [string, number] => [content, id]),
    ]),
    added: new Map(json.added_tokens.map((token) => [token.id, token])),
    rows: config.vocabSize,
    tokenizer,
    path,
  };
}

function kindOf(source: GgufSource, framed: boolean): GgufKind {
  const { type, byte_fallback: fallsBack } = source.model;
  if (type === 'WordPiece') return wordPieceKind(source);
  if (type === 'Unigram') return unigramKind(source);
  return fallsBack === true ? sentencePieceKind(source) : byteLevelKind(source, framed);
}

function templateEntries({ chatTemplate, tokenizerConfig }: TokenizerFiles): GgufEntry[] {
  const named = (namedTemplates(tokenizerConfig) ?? []).filter(({ name }) => name !== 'default');
  const usual: GgufEntry[] =
    chatTemplate === null ? [] : [['tokenizer.chat_template', text(chatTemplate)]];
  if (named.length === 0) return usual;
  return [
    ...usual,
    ['tokenizer.chat_templates', texts(named.map(({ name }) => name))],
    ...named.map(({ name, template }): GgufEntry => [
      `tokenizer.chat_template.${name}`,
      text(template),
    ]),
  ];
}

function tellBeyond({ words, rows }: GgufSource): string[] {
  const beyond = [...words].filter(([, id]) => id >= rows).map(([word]) => JSON.stringify(word));
  if (beyond.length === 0) return [];
  return [
    `The tokenizer has tokens that the model has no embedding for; a GGUF file has no place for them: ${listed(beyond)}.`,
  ];
}

/** An encoder's mask takes the space before it in GGUF, too. */
function tellSpaceTakers({ added }: GgufSource, framed: boolean): string[] {
  const takers = [...added.values()].filter(({ lstrip, rstrip }) => rstrip || (lstrip && !framed));
  if (takers.length === 0) return [];
  const shown = listed(takers.map(({ content }) => JSON.stringify(content)));
  return [
    `A GGUF file cannot say that these tokens take the white space beside them, so that it becomes further tokens: ${shown}. llama.cpp knows it of models that are called Phi-3.`,
  ];
}
