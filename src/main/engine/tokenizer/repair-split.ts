/** Writes a split by a pattern so that @huggingface/tokenizers 0.2.0, which knows few of its behaviours, cuts as the Rust library does. */
import { isObject, type JsonObject } from '../../../shared/is-object.ts';

/**
 * The same cuts as matches that stand alone, or are all that is kept.
 * @param split a pre-tokenizer of the kind "Split"
 * @throws an Error that names what cannot be written so
 */
export function repairSplit(split: JsonObject): JsonObject {
  const regex = regexOf(split['pattern']);
  const { behavior } = split;
  if (behavior === 'Isolated') return isolate(regex);
  if (split['invert'] === true) {
    if (behavior === 'Removed') return { ...split, pattern: { Regex: regex } };
    throw new Error(`it splits with the behaviour "${String(behavior)}" and inverted`);
  }
  switch (behavior) {
    case 'Removed':
      // JavaScript would keep what a group has caught.
      if (/(?<!\\)\((?!\?)/.test(regex)) {
        throw new Error(`it removes what a pattern with groups matches: ${regex}`);
      }
      return { ...split, pattern: { Regex: regex } };
    case 'Contiguous':
      return isolate(`(?:${regex})+`);
    case 'MergedWithPrevious':
      return isolate(`[\\s\\S]*?(?:${regex})`);
    case 'MergedWithNext':
      return isolate(`(?:${regex})(?:(?!${regex})[\\s\\S])*`);
    default:
      throw new Error(`it splits with the behaviour "${String(behavior)}"`);
  }
}

function isolate(regex: string): JsonObject {
  return { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false };
}

function regexOf(pattern: unknown): string {
  const { Regex: regex, String: text } = isObject(pattern) ? pattern : {};
  if (typeof text === 'string') return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (typeof regex !== 'string') throw new Error('it splits by a pattern that is not known');
  // In a group that ignores case, the library folds ASCII only; ſ is an s.
  return regex.replaceAll("(?i:'s|", "(?i:'s|'ſ|");
}
