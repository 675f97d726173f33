/** Text to token ids and back, and conversations to text, with a model's own vocabulary and template. */
import { LorikeetError, lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { saidOf } from '../../../shared/errors/message-of.ts';
import { boundOf, withinTime } from '../within-time.ts';
import { usualManner, type ChatManner } from './chat-manner.ts';
import { createChatTemplate, type ChatTemplate } from './chat-template.ts';
import { endOfTurn, tellNoEnd, textAfterAnswer, type FindEnd } from './end-of-turn.ts';
import type { TokenizerFiles } from './files.ts';
import { answerFitter, type FitMessage } from './fit-answer.ts';
import { frameTexts, type FramedText } from './framed-text.ts';
import { endOf, framingOf, tellOtherFrames } from './framing.ts';
import { openLibraryTokenizer, type LibraryTokenizer } from './library.ts';
import { specialTokenText, stopTokens, tellUnknownTokens } from './special-tokens.ts';
import type { TemplateTraits } from './template-traits.ts';
import { beyondTokenBounds, hasKnownPatterns } from './token-bounds.ts';
import { tokenizerJsonShape } from './tokenizer-json.ts';

export interface Tokenizer {
  /** One more than the largest token id. The model's embedding may be larger, or smaller. */
  readonly vocabSize: number;
  /** Rows of the model's embedding: a token from there on cannot be used. */
  readonly embeddingRows: number;
  readonly bosTokenId: number | null;
  /** The model's text starts with the bos token, as its post-processor says; chat templates write it themselves. */
  readonly startsWithBos: boolean;
  /** The token that ends a turn; answers are learnt with it. */
  readonly eosTokenId: number;
  /** Every token at which generation stops, `eosTokenId` among them. */
  readonly stopTokenIds: readonly number[];
  readonly hasChatTemplate: boolean;
  /** What a person should know of this tokenizer, in sentences. */
  readonly notices: readonly string[];
  /** Special tokens in the text are recognised, none is added. */
  encode(text: string): number[];
  /**
   * One text, or a pair, as encoders and classifiers are given it: with the tokens that the post-processor writes around texts
   * ([CLS] a [SEP] b [SEP]), cut to `maxLength` tokens in all as transformers' `truncation=True` does.
   */
  encodeFramed(texts: readonly [string] | readonly [string, string], maxLength: number): FramedText;
  /** The tokens of `text` where it follows `context`; null where the two would melt together at the seam. */
  encodeAfter(context: string, text: string): number[] | null;
  /** The text of the ids; ids outside the vocabulary give nothing. */
  decode(ids: readonly number[], options?: { skipSpecial?: boolean }): string;
  readonly manner: ChatManner;
  readonly templateTraits: TemplateTraits;
  readonly renderChat: ChatTemplate['render'];
  /** A message of a conversation in the form that the chat template takes it in. */
  readonly fitMessage: FitMessage;
  /** The first token in the text that ends a turn, and where it ends there. */
  readonly findEnd: FindEnd;
}

/** What is needed of a model's config: its ids, and the rows of its embedding. */
export type TokenizerConfig = {
  bosTokenId: number | null;
  eosTokenIds: readonly number[];
  vocabSize: number;
};

/**
 * A tokenizer from its files.
 * @param config the model's
 * @param manner how it writes conversations
 * @throws tokenizer/damaged, tokenizer/not-supported, tokenizer/no-thinking, tokenizer/template-failed,
 *   tokenizer/template-too-large
 */
export function createTokenizer(
  files: TokenizerFiles,
  config: TokenizerConfig,
  manner: ChatManner = usualManner(),
): Tokenizer {
  const path = 'tokenizer.json';
  const parsed = tokenizerJsonShape.safeParse(files.tokenizerJson);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const reason = `${issue?.path.join('.') ?? 'it'}: ${issue?.message ?? 'not readable'}`;
    throw lorikeetError('tokenizer/damaged', { path, reason });
  }
  if (files.tokenizerConfig['split_special_tokens'] === true) {
    const reason = 'split_special_tokens asks that special tokens are read as plain text';
    throw lorikeetError('tokenizer/not-supported', { path: 'tokenizer_config.json', reason });
  }
  const json = { ...files.tokenizerJson, ...parsed.data };
  const beyond = beyondTokenBounds(json);
  if (beyond !== null) throw lorikeetError('tokenizer/not-supported', { path, reason: beyond });
  const { library, framing } = orNotSupported(path, () => {
    // Added tokens are normalised while it is opened.
    const opened = withinTime(
      () => openLibraryTokenizer(json),
      boundOf(10 * Object.keys(json.model.vocab).length),
      tooLong,
    );
    const idOf = (text: string) => opened.token_to_id(text);
    return { library: opened, framing: framingOf(files, config.bosTokenId, idOf) };
  });
  const special = new Set(json.added_tokens.filter((t) => t.special).map((t) => t.id));
  const boundaries = json.added_tokens.map((token) => token.content);

  const encode = encoderOf(library, hasKnownPatterns(json));
  const encodeAfter: Tokenizer['encodeAfter'] = (context, text) => {
    // A special token is a hard boundary: what stands before it cannot change the tokens after it.
    const near = context.slice(Math.max(0, ...boundaries.map((b) => context.lastIndexOf(b))));
    const before = encode(near);
    const both = encode(near + text);
    return before.every((id, i) => both[i] === id) ? both.slice(before.length) : null;
  };
  const decode: Tokenizer['decode'] = (tokenIds, { skipSpecial = false } = {}) => {
    const known = tokenIds.filter(
      (id) => library.id_to_token(id) !== undefined && !(skipSpecial && special.has(id)),
    );
    // The library refuses to decode nothing, and by default removes spaces before punctuation.
    return known.length === 0 ? '' : library.decode(known, { clean_up_tokenization_spaces: false });
  };

  const encodeFramed: Tokenizer['encodeFramed'] = ([one, two], maxLength) =>
    frameTexts(framing.frames, two === undefined ? [encode(one)] : [encode(one), encode(two)], {
      maxLength,
      side: framing.side,
    });

  const { bosTokenId, startsWithBos } = framing;
  const textOf = (id: number | null): string | null =>
    id === null ? null : (library.id_to_token(id) ?? null);
  const named = stopTokens(files, config.eosTokenIds, (text) => library.token_to_id(text));
  const specialTexts = {
    bos_token: specialTokenText(files.tokenizerConfig, 'bos_token') ?? textOf(bosTokenId),
    eos_token: specialTokenText(files.tokenizerConfig, 'eos_token') ?? textOf(named[0] ?? null),
    unk_token: specialTokenText(files.tokenizerConfig, 'unk_token'),
    pad_token: specialTokenText(files.tokenizerConfig, 'pad_token'),
  };
  const template = createChatTemplate(
    files.chatTemplate,
    specialTexts,
    manner,
    files.chatTemplatePath ?? null,
  );
  const namedTokens = named.map((id) => ({ id, content: textOf(id) ?? '', special: true }));
  const after = files.chatTemplate === null ? null : textAfterAnswer(template);
  const { id: endId, find: findEnd } = endOfTurn(after, json.added_tokens, namedTokens);
  const eosTokenId = endId ?? named[0] ?? endOf(framing.frames);
  if (eosTokenId === undefined) {
    const reason = 'no end-of-text token is named in it or in the model’s configuration';
    throw lorikeetError('tokenizer/damaged', { path, reason });
  }
  const stopTokenIds = [...new Set([...named, eosTokenId])];
  const noEnd = tellNoEnd(after, findEnd);
  const ends = endId === null ? [] : stopTokenIds.flatMap((id) => textOf(id)?.trim() || []);
  return {
    vocabSize: json.vocabSize,
    embeddingRows: config.vocabSize,
    bosTokenId,
    startsWithBos,
    eosTokenId,
    stopTokenIds,
    hasChatTemplate: files.chatTemplate !== null,
    notices: [
      ...files.notices,
      ...tellOtherFrames(files.tokenizerConfig, framing.frames),
      ...tellUnknownTokens(files.tokenizerConfig, (text) => library.token_to_id(text)),
      ...(noEnd === null ? [] : [noEnd]),
      ...template.notices,
    ],
    encode,
    encodeFramed,
    encodeAfter,
    decode,
    manner,
    templateTraits: template.traits,
    renderChat: template.render,
    fitMessage: answerFitter(template.traits, manner.thinking, ends),
    findEnd,
  };
}

/** @param isLinear whether it needs no bound: to set one takes a tenth of a millisecond */
function encoderOf(library: LibraryTokenizer, isLinear: boolean): (text: string) => number[] {
  const plain = (text: string) => library.encode(text, { add_special_tokens: false }).ids;
  return (text) => {
    if (text === '') return [];
    let ids: readonly (number | undefined)[];
    try {
      ids = isLinear ? plain(text) : withinTime(() => plain(text), boundOf(text.length), tooLong);
    } catch (error) {
      if (error instanceof LorikeetError) throw error;
      throw damaged(saidOf(error, wrongPart), error);
    }
    return ids.map((id) => {
      if (id === undefined || !Number.isInteger(id))
        throw damaged('its unknown token is none of its vocabulary');
      return id;
    });
  };
}

const wrongPart = 'a part of it is of another kind than it has to be';

function damaged(reason: string, cause?: unknown): Error {
  return lorikeetError('tokenizer/damaged', { path: 'tokenizer.json', reason }, { cause });
}

function tooLong(): Error {
  return lorikeetError('tokenizer/takes-too-long', { what: 'tokenizer' });
}

function orNotSupported<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof LorikeetError) throw error;
    const reason = saidOf(error, wrongPart);
    throw lorikeetError('tokenizer/not-supported', { path, reason }, { cause: error });
  }
}
