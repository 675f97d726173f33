// @ts-check
/**
 * The types of all components at once. A component is linted as the TypeScript that svelte-eslint-parser makes of it; typescript-eslint
 * would take it up as a change of its file, and work the types of everything out anew for each.
 */
import { dirname } from 'node:path';
import ts from 'typescript';

// Files of components are read as that TypeScript from here on: the parser looks for this when it is loaded, with its plugin.
process.env['SVELTE_ESLINT_PARSER_EXPERIMENTAL_TS_SYS_HOOK'] = '1';
await import('eslint-plugin-svelte');

/**
 * @param {string} configFile of the project that the components belong to
 * @returns {import('typescript').Program}
 */
export function programOfComponents(configFile) {
  const { config } = ts.readConfigFile(configFile, (path) => ts.sys.readFile(path));
  const scriptKind = ts.ScriptKind.Deferred;
  const { fileNames, options } = ts.parseJsonConfigFileContent(
    config,
    ts.sys,
    dirname(configFile),
    undefined,
    configFile,
    undefined,
    [{ extension: '.svelte', isMixedContent: true, scriptKind }],
  );
  return ts.createProgram(fileNames, { ...options, allowNonTsExtensions: true, noEmit: true });
}
