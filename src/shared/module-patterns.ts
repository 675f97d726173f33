/** PEFT's rank_pattern and alpha_pattern: values by a regular expression for the end of a module path. */

export type Patterns = Readonly<Record<string, number>>;

export type ReadPatterns = {
  /** Of the first pattern that fits a module path: `re.match(rf"(.*\.)?({key})$", module)` (PEFT `get_pattern_key`). */
  find: (module: string) => { key: string; value: number } | undefined;
  /** Keys that are no regular expressions; they fit nothing. */
  unreadable: string[];
};

export function readPatterns(patterns: Patterns): ReadPatterns {
  const compiled = Object.entries(patterns).map(([key, value]) => ({
    ...{ key, value, regex: compile(key) },
  }));
  return {
    find: (module) => compiled.find(({ regex }) => regex?.test(module)),
    unreadable: compiled.flatMap(({ key, regex }) => (regex === null ? [key] : [])),
  };
}

function compile(key: string): RegExp | null {
  try {
    return new RegExp(String.raw`^(?:.*\.)?(?:${key})$`);
  } catch {
    return null;
  }
}
