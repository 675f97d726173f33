/** PEFT's rank_pattern and alpha_pattern: values by a regular expression for the end of a module path. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { fromPython, PatternError } from './python-pattern.ts';

type Patterns = Readonly<Record<string, number>>;

/**
 * Gives the value of the first pattern that fits a module path: `re.match(rf"(.*\.)?({key})$", module)`
 * (PEFT `get_pattern_key`). `where` names the file or setting in the error adapter/bad-config.
 */
export function namePatterns(
  patterns: Patterns,
  where: string,
): (module: string) => number | undefined {
  const find = firstThatFits(patterns, where);
  return (module) => find(module)?.value;
}

/** The patterns that give none of the modules its value: they fit none, or an earlier one fits first. Errors as above. */
export function idlePatterns(
  patterns: Patterns,
  where: string,
  modules: readonly string[],
): string[] {
  const find = firstThatFits(patterns, where);
  const used = new Set(modules.map((module) => find(module)?.key));
  return Object.keys(patterns).filter((key) => !used.has(key));
}

function firstThatFits(patterns: Patterns, where: string) {
  const compiled = Object.entries(patterns).map(([key, value]) => ({
    ...{ key, value },
    fits: moduleTest(key, where, (source) => String.raw`(?:.*\.)?(?:${source})$`),
  }));
  return (module: string) => compiled.find(({ fits }) => fits(module));
}

/**
 * Whether a module's path fits a pattern of Python's `re`, from its beginning on; `around` makes the whole of the pattern.
 * Errors: adapter/bad-config, naming the pattern, where it cannot be read here as Python reads it.
 */
export function moduleTest(
  pattern: string,
  where: string,
  around: (source: string) => string,
): (module: string) => boolean {
  try {
    const regex = new RegExp(`^(?:${around(fromPython(pattern))})`);
    return (module) => regex.test(module);
  } catch (error) {
    const reason = error instanceof PatternError ? `: ${error.message}` : '';
    const problems = [
      `the pattern ${pattern} is no regular expression that can be read here as Python reads it${reason}`,
    ];
    throw lorikeetError('adapter/bad-config', { path: where, problems }, { cause: error });
  }
}
