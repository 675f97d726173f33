/** Chooses among the ways in which GGUF can say a tokenizer by reading each again. */
import { once } from '../once.ts';
import { plainValues } from './gguf-pairs.ts';
import { tokenizerFromGguf } from './gguf-vocabulary.ts';
import { probingTexts } from './probing-texts.ts';
import { notInGguf, type GgufEntry, type GgufKind, type GgufSource } from './to-gguf-source.ts';
import { createTokenizer, type TokenizerConfig } from './tokenizer.ts';

/** So many special tokens are tried: they are treated alike. */
const mostSpecial = 8;

/**
 * The first way whose reader gives the tokenizer's own ids for all probing texts. SentencePiece's tokenizers put spaces before
 * texts in more ways than the format has; then it is the one that is right for conversations, if the model has a template for
 * them, or else for plain texts, and a sentence about it.
 * @throws tokenizer/not-in-gguf with a text that no way gives the same ids for
 */
export function rightWay(
  source: GgufSource,
  { ways, tellOf = () => [] }: Pick<GgufKind, 'ways' | 'tellOf'>,
  entries: readonly GgufEntry[],
  config: TokenizerConfig,
): { way: GgufEntry[]; notices: string[] } {
  const { tokenizer, path } = source;
  const behindSpecial = besideSpecial(source);
  const ownIds = once((text: string) => tokenizer.encode(text).join());
  const tried = [];
  for (const way of ways) {
    const files = tokenizerFromGguf(plainValues([...entries, ...way]), path);
    const read = createTokenizer(files, config);
    const isWrong = (text: string) => ownIds(text) !== read.encode(text).join();
    const plain = probingTexts.filter(isWrong);
    const special = behindSpecial.filter(isWrong);
    const told = tellOf(files.tokenizerJson['model']);
    if (plain.length + special.length === 0) return { way, notices: told };
    tried.push({ way, plain, special, told });
  }
  if (tried.length > 1) {
    const chats = tried.find(({ special }) => special.length === 0);
    if (chats && tokenizer.hasChatTemplate)
      return { way: chats.way, notices: [...chats.told, forChats] };
    const texts = tried.find(({ plain }) => plain.every((text) => text.startsWith(' ')));
    if (texts) return { way: texts.way, notices: [...texts.told, forTexts] };
  }
  const wrong = tried.map(({ plain, special }) => [...plain, ...special]);
  const always = wrong.flat().find((text) => wrong.every((texts) => texts.includes(text)));
  const shown = JSON.stringify(always ?? wrong[0]?.[0]);
  throw notInGguf(source, `read again from GGUF, it gives other tokens for the text ${shown}`);
}

const spaces =
  'The tokenizer puts spaces before texts and behind special tokens in a way that a GGUF file cannot say.';
const forChats = `${spaces} Conversations become the same tokens as here; other texts may begin with another one.`;
const forTexts = `${spaces} Texts become the same tokens as here, but for those that begin with a space or have special tokens within.`;

/** Special tokens within texts, but those that take white space, which GGUF does not say of most. */
function besideSpecial({ added, rows }: GgufSource): string[] {
  return [...added.values()]
    .filter(({ id, lstrip, rstrip }) => id < rows && !lstrip && !rstrip)
    .slice(0, mostSpecial)
    .flatMap(({ content }) => [
      content,
      `${content}a${content}b`,
      `${content} a ${content} b`,
      `${content}\n${content}  light`,
    ]);
}
