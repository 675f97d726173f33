/** Patterns for names of modules (shared/module-patterns.ts) as the engine takes them: each has to be readable. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { readPattern, readPatterns, type Patterns } from '../../../shared/module-patterns.ts';

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
  const { find, unreadable: problems } = readPatterns(patterns);
  if (problems.length > 0) throw lorikeetError('adapter/bad-config', { path: where, problems });
  return find;
}

/** As `readPattern`. Errors: adapter/bad-config, naming the pattern. */
export function moduleTest(
  pattern: string,
  where: string,
  around: (source: string) => string,
): (module: string) => boolean {
  const read = readPattern(pattern, around);
  if ('fits' in read) return read.fits;
  throw lorikeetError('adapter/bad-config', { path: where, problems: [read.problem] });
}
