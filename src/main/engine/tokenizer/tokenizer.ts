/** Text to token ids and back, and conversations to text, with a model's own vocabulary and template. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { messageOf } from '../../../shared/errors/message-of.ts';
import { usualManner, type ChatManner } from './chat-manner.ts';
import { createChatTemplate, type ChatTemplate } from './chat-template.ts';
import { repairPreTokenizer } from './tokenizer-repairs.ts';
import { endOfTurn, tellNoEnd, textAfterAnswer, type FindEnd } from './end-of-turn.ts';
import type { TokenizerFiles } from './files.ts';
import { answerFitter, type FitMessage } from './fit-answer.ts';
import { openLibraryTokenizer, type LibraryTokenizer } from './library.ts';
import { specialTokenText, stopTokens, tellUnknownTokens } from './special-tokens.ts';
import type { TemplateTraits } from './template-traits.ts';
import { tokenizerJsonShape } from './tokenizer-json.ts';

export interface Tokenizer {
  /** One more than the largest token id. The model's embedding may be larger, or smaller. */
  readonly vocabSize: number;
  /** Rows of the model's embedding: a token from there on cannot be used. */
  readonly embeddingRows: number;
  readonly bosTokenId: number | null;
  /** The model's text starts with the bos token; chat templates write it themselves. */
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

/**
 * A tokenizer from its files. `config` is the model's: its ids, and the rows of its embedding.
 * @param manner how it writes conversations
 * @throws tokenizer/damaged, tokenizer/not-supported, tokenizer/no-thinking
 */
export function createTokenizer(
  files: TokenizerFiles,
  config: { bosTokenId: number | null; eosTokenIds: readonly number[]; vocabSize: number },
  manner: ChatManner = usualManner(),
): Tokenizer {
  const path = 'tokenizer.json';
  const parsed = tokenizerJsonShape.safeParse(files.tokenizerJson);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const reason = `${issue?.path.join('.') ?? 'it'}: ${issue?.message ?? 'not readable'}`;
    throw lorikeetError('tokenizer/damaged', { path, reason });
  }
  const json = { ...files.tokenizerJson, ...parsed.data };
  const library = openLibrary(
    { ...json, pre_tokenizer: repairPreTokenizer(json.pre_tokenizer) },
    path,
  );
  const special = new Set(json.added_tokens.filter((t) => t.special).map((t) => t.id));
  const boundaries = json.added_tokens.map((token) => token.content);

  const encode = (text: string): number[] =>
    text === '' ? [] : library.encode(text, { add_special_tokens: false }).ids;
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

  const { bosTokenId } = config;
  const textOf = (id: number | null): string | null =>
    id === null ? null : (library.id_to_token(id) ?? null);
  const named = stopTokens(files, config.eosTokenIds, (text) => library.token_to_id(text));
  const specialTexts = {
    bos_token: specialTokenText(files.tokenizerConfig, 'bos_token') ?? textOf(bosTokenId),
    eos_token: specialTokenText(files.tokenizerConfig, 'eos_token') ?? textOf(named[0] ?? null),
    unk_token: specialTokenText(files.tokenizerConfig, 'unk_token'),
    pad_token: specialTokenText(files.tokenizerConfig, 'pad_token'),
  };
  const template = createChatTemplate(files.chatTemplate, specialTexts, manner);
  const namedTokens = named.map((id) => ({ id, content: textOf(id) ?? '', special: true }));
  const after = files.chatTemplate === null ? null : textAfterAnswer(template);
  const { id: endId, find: findEnd } = endOfTurn(after, json.added_tokens, namedTokens);
  const eosTokenId = endId ?? named[0];
  if (eosTokenId === undefined) {
    const reason = 'no end-of-text token is named in it or in the model’s configuration';
    throw lorikeetError('tokenizer/damaged', { path, reason });
  }
  const stopTokenIds = [...new Set([...named, eosTokenId])];
  const noEnd = tellNoEnd(after, findEnd);
  const ends = endId === null ? [] : stopTokenIds.flatMap((id) => textOf(id)?.trim() || []);
  const withSpecial = library.encode('a', { add_special_tokens: true }).ids;
  return {
    vocabSize: json.vocabSize,
    embeddingRows: config.vocabSize,
    bosTokenId,
    startsWithBos: bosTokenId !== null && withSpecial[0] === bosTokenId,
    eosTokenId,
    stopTokenIds,
    hasChatTemplate: files.chatTemplate !== null,
    notices: [
      ...files.notices,
      ...tellUnknownTokens(files.tokenizerConfig, (text) => library.token_to_id(text)),
      ...(noEnd === null ? [] : [noEnd]),
      ...template.notices,
    ],
    encode,
    encodeAfter,
    decode,
    manner,
    templateTraits: template.traits,
    renderChat: template.render,
    fitMessage: answerFitter(template.traits, manner.thinking, ends),
    findEnd,
  };
}

function openLibrary(json: object, path: string): LibraryTokenizer {
  try {
    return openLibraryTokenizer(json);
  } catch (error) {
    const reason = messageOf(error);
    throw lorikeetError('tokenizer/not-supported', { path, reason }, { cause: error });
  }
}
