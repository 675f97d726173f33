/** Patterns for names of modules (shared/module-patterns.ts) as the engine takes them: each has to be readable. */
import { listed } from '../../../shared/errors/listed.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { boundOf, sharedBound } from '../within-time.ts';
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

/** One for each module at most, and a model has some ten thousand. */
const mostPatterns = 20_000;

function readable(patterns: Patterns, where: string) {
  const keys = Object.keys(patterns);
  const { find, unreadable: problems } =
    keys.length > mostPatterns
      ? { find: () => undefined, unreadable: [`it has ${keys.length} patterns`] }
      : readPatterns(patterns);
  if (problems.length > 0) throw lorikeetError('adapter/bad-config', { path: where, problems });
  return bounded(find, keys, where);
}

/** As `readPattern`. Errors: adapter/bad-config, naming the pattern. */
export function moduleTest(
  pattern: string,
  where: string,
  around: (source: string) => string,
): (module: string) => boolean {
  const read = readPattern(pattern, around);
  if ('fits' in read) return bounded(read.fits, [pattern], where);
  throw lorikeetError('adapter/bad-config', { path: where, problems: [read.problem] });
}

/** The test within a bound for all modules together, where one of its patterns may try every way to fit. */
function bounded<T>(
  test: (module: string) => T,
  patterns: readonly string[],
  where: string,
): (module: string) => T {
  const hard = patterns.filter((pattern) => (pattern.match(/[*+?{]/g)?.length ?? 0) > 1);
  if (hard.length === 0) return test;
  const within = sharedBound(boundOf(0), () => {
    const problems = [`one of these patterns takes endless time: ${listed(hard, 4)}`];
    return lorikeetError('adapter/bad-config', { path: where, problems });
  });
  return (module) => within(() => test(module));
}
