/** SentencePiece's kinds of tokenizer as GGUF has them: BPE with bytes to fall back on (`llama`), and Unigram (`t5`). */
import { z } from 'zod';
import { isObject } from '../../../shared/is-object.ts';
import { listOf } from '../../../shared/first-wrong.ts';
import { tokenType } from './gguf-metadata.ts';
import { mergesOf } from './merges.ts';
import {
  flag,
  listTokens,
  text,
  usualType,
  type GgufEntry,
  type GgufKind,
  type GgufSource,
  type TokenList,
} from './to-gguf-source.ts';

const usualRule: GgufEntry = ['tokenizer.ggml.pre', text('default')];
const byte = /^<0x[0-9A-F]{2}>$/;

/** llama.cpp merges by the scores of what comes out, so that scores stand for the order of the merges. */
export function sentencePieceKind(source: GgufSource): GgufKind {
  const merges = mergesOf(source.model);
  const results = new Set(merges.map((pair) => pair.join('')));
  const unknown = source.model['unk_token'];
  const tokens = listTokens(source, (token) => {
    if (token.text === unknown) return tokenType.unknown;
    if (byte.test(token.text)) return tokenType.byte;
    // Spaces are marks only once a text is normalized, so that merges make such a token and nothing else does.
    const ofSpaces = token.added?.special === false && token.text.includes('▁');
    return ofSpaces && results.has(token.text) ? tokenType.normal : usualType(token);
  });
  return {
    model: 'llama',
    tokens,
    entries: [usualRule, scoreEntry(scoresFor(merges, tokens))],
    ways: putsSpace(source)
      ? [[spacePrefix(true)], [spacePrefix(false)]]
      : [[spacePrefix(false)], [spacePrefix(true)]],
    tellOf: (model) => (isOther(merges, mergesOf(model), tokens) ? [otherMerges] : []),
  };
}

/** Reading a large vocabulary takes seconds, so the way that is likely goes first. */
function putsSpace({ words, tokenizer }: GgufSource): boolean {
  const [start] = tokenizer.encode('a');
  return [...words].some(([word, id]) => id === start && word.startsWith('▁'));
}

const otherMerges =
  'The tokenizer joins some tokens in another order than SentencePiece would, whose way is the only one that a GGUF file can say. Rare texts may become other tokens in the file.';

/**
 * One score for what is made by merges that stand next to each other, less for each next one. Merges that make the same piece
 * share its score, and so do all between the first and the last of them.
 */
function scoresFor(merges: readonly [string, string][], { texts }: TokenList): number[] {
  const results = merges.map((pair) => pair.join(''));
  const last = new Map(results.map((result, i) => [result, i]));
  const scores = new Map<string, number>();
  let score = 0;
  let until = 0;
  results.forEach((result, i) => {
    if (i > until) score--;
    if (!scores.has(result)) scores.set(result, score);
    until = Math.max(i, until, last.get(result) ?? i);
  });
  // What nothing makes is never compared.
  return texts.map((token) => scores.get(token) ?? score - 1);
}

/** Whether a reader of the scores has other pairs to merge than there are. */
function isOther(
  merges: readonly [string, string][],
  read: readonly [string, string][],
  { texts, types }: TokenList,
): boolean {
  // Other tokens are cut out of a text before anything is merged.
  const pieces = new Set(texts.filter((_, id) => types[id] === tokenType.normal));
  const own = new Set(
    merges.filter((pair) => pair.every((part) => pieces.has(part))).map((pair) => pair.join(' ')),
  );
  return read.length !== own.size || read.some((pair) => !own.has(pair.join(' ')));
}

const pieces = listOf(z.tuple([z.string(), z.number()]));

/** Pieces with scores of their own, and the map of characters. */
export function unigramKind(source: GgufSource): GgufKind {
  const { model, normalizer, rows } = source;
  const own = pieces.safeParse(model['vocab']).data ?? [];
  const unknown = model['unk_id'];
  const tokens = listTokens(source, (token) =>
    token.id === unknown ? tokenType.unknown : usualType(token),
  );
  const scores = Array.from({ length: rows }, (_, id) => own[id]?.[1] ?? 0);
  const charsmap = charsmapIn(normalizer);
  return {
    model: 't5',
    tokens,
    entries: [usualRule, scoreEntry(scores), ...(charsmap === null ? [] : [charsmap])],
    ways: [
      [spacePrefix(true), removeSpaces(true)],
      [spacePrefix(true), removeSpaces(false)],
      [spacePrefix(false), removeSpaces(true)],
      [spacePrefix(false), removeSpaces(false)],
    ],
  };
}

function scoreEntry(value: readonly number[]): GgufEntry {
  return ['tokenizer.ggml.scores', { type: 'array', of: 'float32', value }];
}

function spacePrefix(value: boolean): GgufEntry {
  return ['tokenizer.ggml.add_space_prefix', flag(value)];
}

function removeSpaces(value: boolean): GgufEntry {
  return ['tokenizer.ggml.remove_extra_whitespaces', flag(value)];
}

/** The first compiled map of a normalizer; whether it is all that there is shows in how texts are read. */
function charsmapIn(normalizer: unknown): GgufEntry | null {
  if (!isObject(normalizer)) return null;
  const map = normalizer['precompiled_charsmap'];
  if (typeof map === 'string') {
    const value = [...Buffer.from(map, 'base64')];
    return ['tokenizer.ggml.precompiled_charsmap', { type: 'array', of: 'uint8', value }];
  }
  const inner = normalizer['normalizers'];
  const found = Array.isArray(inner) ? inner.map(charsmapIn) : [];
  return found.find((each) => each !== null) ?? null;
}
