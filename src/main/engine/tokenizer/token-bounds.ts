/** What a tokenizer.json may hold, beyond which a small file would take much time or memory. */
import { isObject } from '../../../shared/is-object.ts';
import { preTokenizerNames, preTokenizerRule } from './pre-tokenizers.ts';
import type { TokenizerJson } from './library.ts';

/** Known vocabularies have tokens of at most some hundred characters, ids below a million, and words of at most two hundred. */
const most = { token: 1024, id: 1 << 24, added: 1 << 20, word: 1000, growth: 1024 };

/** In words what is beyond that; null where nothing is. */
export function beyondTokenBounds(json: TokenizerJson): string | null {
  const added = json.added_tokens.map(({ content, id }): [unknown, unknown] => [content, id]);
  const { vocab } = json.model;
  // The ids of a list are its places, and what stands beside its tokens are scores.
  const own = Array.isArray(vocab)
    ? vocab.map((each: unknown): [unknown, unknown] => [Array.isArray(each) ? each[0] : each, 0])
    : Object.entries(isObject(vocab) ? vocab : {});
  for (const [token, id] of [own, added].flat()) {
    if (typeof token !== 'string') return 'it has a token that is no text';
    if (token.length > most.token) return `it has a token of ${token.length} characters`;
    if (!(typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < most.id))
      return `its token ${JSON.stringify(token)} has the id ${String(id)}`;
  }
  const characters = added.reduce((sum, [token]) => sum + String(token).length, 0);
  if (characters > most.added) return `its added tokens have ${characters} characters`;
  const word = json.model['max_input_chars_per_word'];
  if (typeof word === 'number' && word > most.word)
    return `it takes words of ${word} characters apart`;
  const parts = { normalizer: json.normalizer, decoder: json.decoder };
  for (const [name, part] of Object.entries(parts)) {
    const growth = growthOf(part);
    if (growth > most.growth) return `its ${name} may make a text ${growth} times as long`;
  }
  return null;
}

/** By how much the parts of a sequence may lengthen a text, one after another. */
function growthOf(part: unknown): number {
  if (Array.isArray(part)) return part.reduce<number>((growth, each) => growth * growthOf(each), 1);
  if (!isObject(part)) return 1;
  const { content, prepend } = part;
  const put = part['type'] === 'Replace' ? content : prepend;
  const own = typeof put === 'string' ? Math.max(1, put.length) : 1;
  return own * growthOf(part['normalizers']) * growthOf(part['decoders']);
}

/** Patterns that take time in proportion to a text, whatever is in it. */
const known: ReadonlySet<unknown> = new Set(
  preTokenizerNames.flatMap((name) => patternsIn(preTokenizerRule(name))),
);

/** Whether all of its patterns are such ones. */
export function hasKnownPatterns({
  normalizer,
  pre_tokenizer: cuts,
  model,
}: TokenizerJson): boolean {
  return model['type'] === 'BPE' && patternsIn([normalizer, cuts]).every((each) => known.has(each));
}

function patternsIn(part: unknown): unknown[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]: [string, unknown]) =>
    key === 'Regex' ? [value] : patternsIn(value),
  );
}
