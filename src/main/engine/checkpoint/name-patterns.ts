/** Patterns for names of modules (shared/module-patterns.ts) as the engine takes them: each has to be readable. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { readPatterns, type Patterns } from '../../../shared/module-patterns.ts';

/** Gives the value of the first pattern that fits a module path. `where` names the file or setting in the error adapter/bad-config. */
export function namePatterns(
  patterns: Patterns,
  where: string,
): (module: string) => number | undefined {
  const find = readable(patterns, where);
  return (module) => find(module)?.value;
}

/** The patterns that give none of the modules its value: they fit none, or an earlier one fits first. Errors as above. */
export function idlePatterns(
  patterns: Patterns,
  where: string,
  modules: readonly string[],
): string[] {
  const find = readable(patterns, where);
  const used = new Set(modules.map((module) => find(module)?.key));
  return Object.keys(patterns).filter((key) => !used.has(key));
}

function readable(patterns: Patterns, where: string) {
  const { find, unreadable } = readPatterns(patterns);
  if (unreadable.length === 0) return find;
  const problems = unreadable.map(
    (key) => `the pattern ${key} is no regular expression that can be read here`,
  );
  throw lorikeetError('adapter/bad-config', { path: where, problems });
}
