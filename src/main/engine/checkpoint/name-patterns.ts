/** PEFT's rank_pattern and alpha_pattern: values by a regular expression for the end of a module path. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';

/**
 * Gives the value of the first pattern that fits a module path: `re.match(rf"(.*\.)?({key})$", module)`
 * (PEFT `get_pattern_key`). `where` names the file or setting in the error adapter/bad-config.
 */
export function namePatterns(
  patterns: Readonly<Record<string, number>>,
  where: string,
): (module: string) => number | undefined {
  const compiled = Object.entries(patterns).map(([key, value]) => {
    try {
      return { regex: new RegExp(String.raw`^(?:.*\.)?(?:${key})$`), value };
    } catch (error) {
      const problems = [`the pattern ${key} is no regular expression that can be read here`];
      throw lorikeetError('adapter/bad-config', { path: where, problems }, { cause: error });
    }
  });
  return (module) => compiled.find(({ regex }) => regex.test(module))?.value;
}
