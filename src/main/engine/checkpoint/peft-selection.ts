/** Which modules an adapter_config.json selects. PEFT computes with those only, whatever else the file of tensors holds. */
import { z } from 'zod';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { listOf } from '../../../shared/first-wrong.ts';
import { isEndOf } from '../../../shared/modules-called.ts';
import { moduleTest } from './name-patterns.ts';
import { isTargetParameter } from './stacked-adapters.ts';

const names = z
  .union([z.string(), listOf(z.string(), { most: 65_536 })], {
    error: 'expected a list of names, or a pattern',
  })
  .nullish();
const layers = z
  .union([z.int(), listOf(z.int(), { most: 10_000 })], {
    error: 'expected a layer, or a list of layers',
  })
  .nullish();

/** The keys of the config that select. */
export const selectionFields = {
  target_modules: names,
  target_parameters: listOf(z.string(), { most: 65_536 }).nullish(),
  exclude_modules: names,
  layers_to_transform: layers,
  layers_pattern: names,
};

type Fields = z.output<z.ZodObject<typeof selectionFields>>;

export type Selection = {
  /** Whether a module is adapted, by its path: 'model.layers.0.self_attn.q_proj'. */
  selects(module: string): boolean;
  /**
   * What the config says without effect, with its key: 'c_attn (target_modules)'. It fits no module of the adapter's file nor of
   * the base. Modules that are excluded are in the base alone, so nothing is said of them where `ofBase` is empty.
   */
  idle(inFile: readonly string[], ofBase: readonly string[]): string[];
};

/**
 * PEFT's `check_target_module_exists`: a text is a regular expression for the whole path, in a list are ends of paths. Without
 * target_modules the modules are those of the file.
 * Errors: adapter/bad-config, also for what PEFT's `LoraConfig` refuses.
 */
export function selectionOf(fields: Fields, where: string): Selection {
  checkTogether(fields, where);
  const { target_modules: targets, exclude_modules: excluded } = fields;
  const parameters = fields.target_parameters ?? [];
  const all = (targets == null && parameters.length === 0) || isAllLinear(targets);
  const isModule = all ? () => true : targets == null ? () => false : fits(targets, where);
  const isTarget = (module: string) => isModule(module) || isTargetParameter(module, parameters);
  const isExcluded = excluded == null || excluded === '' ? () => false : fits(excluded, where);
  const isInLayers = layerTest(fields, where);
  const isNamedWhole = (module: string) => Array.isArray(targets) && targets.includes(module);
  return {
    // A whole path is taken as it is, whatever the layers are.
    selects: (module) =>
      !isExcluded(module) && isTarget(module) && (isNamedWhole(module) || isInLayers(module)),
    idle: (inFile, ofBase) =>
      partsOf(fields, where)
        .filter(({ key }) => key !== 'exclude_modules' || ofBase.length > 0)
        .filter(({ isFor }) => ![...inFile, ...ofBase].some(isFor))
        .map(({ key, text }) => `${text} (${key})`),
  };
}

/** One name, pattern or number of the config, and the modules that it is about. */
type Part = { key: keyof Fields; text: string; isFor: (module: string) => boolean };

function partsOf(fields: Fields, where: string): Part[] {
  const named = (key: 'target_modules' | 'exclude_modules'): Part[] => {
    const given = fields[key] ?? [];
    if (typeof given !== 'string')
      return given.map((name) => ({ key, text: name, isFor: fits([name], where) }));
    const saysNothing = given === '' || (key === 'target_modules' && isAllLinear(given));
    return saysNothing ? [] : [{ key, text: given, isFor: fits(given, where) }];
  };
  return [
    ...named('target_modules'),
    ...named('exclude_modules'),
    ...(fields.target_parameters ?? []).map((text): Part => {
      return { key: 'target_parameters', text, isFor: (path) => isTargetParameter(path, [text]) };
    }),
    ...layersOf(fields).map((layer): Part => {
      const isFor = layerTest({ ...fields, layers_to_transform: layer }, where);
      return { key: 'layers_to_transform', text: String(layer), isFor };
    }),
    ...layerPatternsOf(fields).map((text): Part => {
      return { key: 'layers_pattern', text, isFor: inLayers(text, anyLayer, where) };
    }),
  ];
}

function checkTogether(fields: Fields, where: string): void {
  const { target_modules: targets, layers_to_transform: layers, layers_pattern: pattern } = fields;
  const problems: string[] = [];
  if (typeof targets === 'string' && !isAllLinear(targets) && layers != null) {
    problems.push('layers_to_transform cannot be used with a pattern in target_modules');
  }
  if (pattern != null && pattern.length > 0 && layers == null) {
    problems.push('layers_pattern says nothing without layers_to_transform');
  }
  if (problems.length > 0) throw lorikeetError('adapter/bad-config', { path: where, problems });
}

function isAllLinear(targets: string | string[] | null | undefined): boolean {
  return typeof targets === 'string' && targets.toLowerCase() === 'all-linear';
}

function fits(names: string | string[], where: string): (module: string) => boolean {
  if (typeof names === 'string') return moduleTest(names, where, (source) => `(?:${source})$`);
  return (module) => names.some((name) => isEndOf(name, module));
}

/** The number after the pattern's name is the layer; without a pattern the last number inside the path. */
function layerTest(fields: Fields, where: string): (module: string) => boolean {
  const wanted = layersOf(fields);
  if (wanted.length === 0) return () => true;
  const patterns = layerPatternsOf(fields);
  const tests = (patterns.length > 0 ? patterns : ['[^.]*']).map((pattern) => {
    return {
      hasLayers: inLayers(pattern, anyLayer, where),
      isWanted: inLayers(pattern, wanted.join('|'), where),
    };
  });
  return (module) => tests.find(({ hasLayers }) => hasLayers(module))?.isWanted(module) ?? false;
}

const anyLayer = String.raw`\d+`;

function layersOf({ layers_to_transform: layers }: Fields): number[] {
  return [layers ?? []].flat();
}

function layerPatternsOf({ layers_pattern: given }: Fields): string[] {
  return [given ?? []].flat().filter((pattern) => pattern !== '');
}

/** Whether a module is below `pattern` and a number, which is a regular expression, too. */
function inLayers(pattern: string, number: string, where: string): (module: string) => boolean {
  return moduleTest(pattern, where, (source) => String.raw`.*\.(?:${source})\.(?:${number})\.`);
}
