/** PEFT's rank_pattern and alpha_pattern: values by a regular expression for the end of a module path. */
import { fromPython, PatternError } from './python-pattern.ts';

export type Patterns = Readonly<Record<string, number>>;

export type ReadPatterns = {
  /** Of the first pattern that fits a module path: `re.match(rf"(.*\.)?({key})$", module)` (PEFT `get_pattern_key`). */
  find: (module: string) => { key: string; value: number } | undefined;
  /** What is wrong with the keys that cannot be read here as Python reads them; they fit nothing. */
  unreadable: string[];
};

export function readPatterns(patterns: Patterns): ReadPatterns {
  const compiled = Object.entries(patterns).map(([key, value]) => ({
    key, value, read: readPattern(key, (source) => String.raw`(?:.*\.)?(?:${source})$`),
  }));
  return {
    find: (module) => compiled.find(({ read }) => 'fits' in read && read.fits(module)),
    unreadable: compiled.flatMap(({ read }) => ('problem' in read ? [read.problem] : [])),
  };
}

/**
 * Whether a module's path fits a pattern of Python's `re`, from its beginning on; `around` makes the whole of the pattern.
 * Or why the pattern cannot be read here.
 */
export function readPattern(
  pattern: string,
  around: (source: string) => string,
): { fits: (module: string) => boolean } | { problem: string } {
  try {
    const regex = new RegExp(`^(?:${around(fromPython(pattern))})`);
    return { fits: (module) => regex.test(module) };
  } catch (error) {
    const reason = error instanceof PatternError ? `: ${error.message}` : '';
    const problem = `The pattern ${pattern} is no regular expression that can be read here as Python reads it${reason}`;
    return { problem };
  }
}
