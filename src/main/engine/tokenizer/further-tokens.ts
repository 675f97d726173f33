/** Tokens that other files than tokenizer.json name: transformers adds them, so they are tokens of the model. */
import { join } from 'node:path';
import { z } from 'zod';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { listOf, recordOf } from '../../../shared/first-wrong.ts';
import { specialTokenTexts } from './special-tokens.ts';
import { vocabularyWords } from './vocabulary.ts';

type Json = Record<string, unknown>;
type Token = { id: number; content: string } & Json;

const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
/** added_tokens.json: text to id. */
const addedTokens = recordOf(z.string().min(1), z.int().nonnegative());
/** `added_tokens_decoder` of tokenizer_config.json: id to token. */
const decoder = recordOf(z.string().regex(/^\d+$/), z.looseObject({ content: z.string().min(1) }));
const known = listOf(z.looseObject({ id: z.int(), content: z.string() }));
const withVocabulary = z.looseObject({ vocab: vocabularyWords });

/**
 * `tokenizerJson` with the tokens among its added ones that only these name; itself where there are none.
 * @param path the folder, for errors
 * @throws tokenizer/damaged where a file is misshapen, or gives a token or an id that tokenizer.json gives otherwise
 */
export function withFurtherTokens(
  tokenizerJson: Json,
  { added, config }: { added: Json | null; config: Json },
  path: string,
): Json {
  const own = ownTokens(tokenizerJson, path);
  const vocabulary = new Map(withVocabulary.safeParse(tokenizerJson['model']).data?.vocab);
  for (const { id, content } of own) vocabulary.set(content, id);
  const textOf = new Map([...vocabulary].map(([text, id]) => [id, text]));
  const isOwn = new Set(own.map(({ content }) => content));
  const further: Token[] = [];
  const add = (file: string, token: Token) => {
    const { id, content } = token;
    if (isOwn.has(content) && vocabulary.get(content) === id) return;
    const other = vocabulary.get(content) ?? id;
    const taken = textOf.get(id) ?? content;
    if (other !== id || taken !== content) {
      const instead = other === id ? `this id to ${JSON.stringify(taken)}` : `it the id ${other}`;
      const reason = `${file} gives the token ${JSON.stringify(content)} the id ${id}, and tokenizer.json gives ${instead}`;
      throw lorikeetError('tokenizer/damaged', { path, reason });
    }
    isOwn.add(content);
    vocabulary.set(content, id);
    textOf.set(id, content);
    further.push(token);
  };
  const inConfig = read(decoder, config['added_tokens_decoder'], 'added_tokens_decoder', path);
  for (const [id, token] of Object.entries(inConfig)) {
    add('added_tokens_decoder', { ...flags, special: false, ...token, id: Number(id) });
  }
  const inFile = read(addedTokens, added, 'added_tokens.json', path);
  for (const [content, id] of Object.entries(inFile)) {
    add('added_tokens.json', { id, content, ...flags, special: false });
  }
  // A special token is cut out of a text as a whole, which tokenizer.json says of its added tokens only.
  for (const content of specialTokenTexts(config)) {
    const id = vocabulary.get(content);
    if (id !== undefined) add('tokenizer_config.json', { id, content, ...flags, special: true });
  }
  if (further.length === 0) return tokenizerJson;
  const all = [...own, ...further].sort((a, b) => a.id - b.id);
  return { ...tokenizerJson, added_tokens: all };
}

/** Of tokenizer.json itself. A misshapen list would go where another file adds to it. */
function ownTokens(tokenizerJson: Json, path: string): Token[] {
  const parsed = known.safeParse(tokenizerJson['added_tokens'] ?? []);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = (issue?.path ?? []).join('.');
  const at = place === '' ? '' : ` at ${place}`;
  const reason = `its added_tokens are misshapen${at}: ${issue?.message ?? ''}`;
  throw lorikeetError('tokenizer/damaged', { path: join(path, 'tokenizer.json'), reason });
}

function read<T extends object>(shape: z.ZodType<T>, value: unknown, file: string, path: string) {
  const parsed = shape.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const reason = `${file} is misshapen at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
  throw lorikeetError('tokenizer/damaged', { path, reason });
}
