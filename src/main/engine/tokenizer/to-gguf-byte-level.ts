/** A byte-level BPE tokenizer as GGUF has it (`gpt2`): its merges, and the name of its split rule. */
import { openLibraryTokenizer } from './library.ts';
import { preTokenizerRule } from './pre-tokenizers.ts';
import { splitRuleNames } from './split-rule.ts';
import { mergesOf } from './merges.ts';
import {
  listTokens,
  notInGguf,
  text,
  texts,
  type GgufKind,
  type GgufSource,
} from './to-gguf-source.ts';

/**
 * @param framed whether texts stand between two tokens, as an encoder's do
 * @throws tokenizer/not-in-gguf where no known name means its split rule
 */
export function byteLevelKind(source: GgufSource, framed: boolean): GgufKind {
  const { model } = source;
  return {
    model: 'gpt2',
    tokens: listTokens(source),
    entries: [
      ['tokenizer.ggml.pre', text(splitRule(source, framed))],
      ['tokenizer.ggml.merges', texts(mergesOf(model).map((pair) => pair.join(' ')))],
    ],
    ways: [[]],
  };
}

function splitRule(source: GgufSource, framed: boolean): string {
  const { model, normalizer, preTokenizer } = source;
  const alike = splitRuleNames({ normalizer, pre_tokenizer: preTokenizer });
  const whole = Boolean(model['ignore_merges']);
  const ruleOf = (name: string) => preTokenizerRule(name);
  const sameMerges = alike.filter((name) => ruleOf(name)?.ignoreMerges === whole);
  const right = sameMerges.length > 0 || !everyTokenIsMerged(source) ? sameMerges : alike;
  // What is written around texts is said in other keys; only an encoder's frame belongs to a name.
  const isEncoder = (name: string) => ruleOf(name)?.around === 'encoder';
  const name =
    right.find((each) => isEncoder(each) === framed) ?? right.find((each) => !isEncoder(each));
  if (name !== undefined) return name;
  const rule = JSON.stringify(preTokenizer);
  const shown = rule.length > 300 ? `${rule.slice(0, 300)}…` : rule;
  throw notInGguf(
    source,
    alike.length > 0
      ? 'it cuts texts as a split rule does that llama.cpp knows, but takes whole pieces from its vocabulary where that rule merges them, or the other way round'
      : `none of the split rules that llama.cpp and this program know by a name cuts texts as its own does: ${shown}`,
  );
}

/** Whether merges make every token out of its bytes, so that it is the same whether a piece is looked up whole first. */
function everyTokenIsMerged({ model, words, added }: GgufSource): boolean {
  const bare = openLibraryTokenizer({
    model: { ...model, ignore_merges: false },
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: null,
    decoder: null,
  });
  return [...words].every(([token, id]) => {
    if (added.has(id)) return true;
    const { ids } = bare.encode(token, { add_special_tokens: false });
    return ids.length === 1 && ids[0] === id;
  });
}
