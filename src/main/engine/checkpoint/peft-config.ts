/** adapter_config.json of PEFT: what is read from it. */
import { z } from 'zod';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { recordOf } from '../../../shared/first-wrong.ts';
import { idlePatterns, namePatterns } from './name-patterns.ts';
import { peftTasks, unsupportedOptions } from './peft-options.ts';
import { selectionFields, selectionOf } from './peft-selection.ts';
import { parameterOf, parametersOf } from './stacked-adapters.ts';

export type PeftConfig = {
  baseModel: string | null;
  rank: number;
  alpha: number;
  dropout: number;
  useRslora: boolean;
  useDora: boolean;
  taskType: string | null;
  /** Rank of a module by its path: 'model.layers.0.self_attn.q_proj'. */
  rankOf(path: string): number;
  alphaOf(path: string): number;
  /** What the config calls the tensor that a path in the file adapts. */
  adapted(path: string): string;
  /** Whether the config selects a module. */
  selects(path: string): boolean;
  /** Whether it says which modules it selects. */
  selective: boolean;
  /** Names and patterns in the config that fit none of the modules of the adapter's file, nor of its base where that matters. */
  idle(inFile: readonly string[], ofBase: readonly string[]): string[];
};

/** Kept as float32. */
const alpha = z
  .number()
  .refine((value) => Number.isFinite(Math.fround(value)), 'too large for a float32 number');

const fields = z.object({
  r: z.int().min(1).default(8),
  lora_alpha: alpha.default(8),
  lora_dropout: z.number().min(0).max(1).nullish(),
  use_rslora: z.boolean().nullish(),
  use_dora: z.boolean().nullish(),
  base_model_name_or_path: z.string().nullish(),
  task_type: z.enum(peftTasks).nullish(),
  rank_pattern: recordOf(z.string(), z.int().min(1)).nullish(),
  alpha_pattern: recordOf(z.string(), alpha).nullish(),
  ...selectionFields,
});

/** Defaults are those of PEFT's `LoraConfig`. Errors: adapter/unsupported-options, adapter/bad-config. */
export function parsePeftConfig(json: Record<string, unknown>, path: string): PeftConfig {
  const options = unsupportedOptions(json);
  if (options.length > 0) throw lorikeetError('adapter/unsupported-options', { path, options });
  const parsed = fields.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.')}: ${issue.message}`,
    );
    throw lorikeetError('adapter/bad-config', { path, problems });
  }
  const config = parsed.data;
  const rankPattern = config.rank_pattern ?? {};
  const alphaPattern = config.alpha_pattern ?? {};
  const ranks = namePatterns(rankPattern, path);
  const alphas = namePatterns(alphaPattern, path);
  const selection = selectionOf(config, path);
  const adapted = (module: string) => parameterOf(module, config.target_parameters ?? []);
  /** What is said of a tensor of all experts, for one expert's matrix; gate and up are one tensor with the ranks of both. */
  const ofParameter = (
    patterns: (name: string) => number | undefined,
    module: string,
    ofBoth: number,
  ): number | undefined => {
    const [gateUp, down] = parametersOf([module]);
    if (gateUp === undefined || down === undefined) return undefined;
    if (/\.(?:down_proj|w2)$/.test(module)) return patterns(down);
    const both = patterns(gateUp);
    return both === undefined ? undefined : both / ofBoth;
  };
  const inPatterns = (paths: readonly string[]) => [...paths.map(adapted), ...parametersOf(paths)];
  return {
    baseModel: config.base_model_name_or_path ?? null,
    rank: config.r,
    alpha: config.lora_alpha,
    dropout: config.lora_dropout ?? 0,
    useRslora: config.use_rslora ?? false,
    useDora: config.use_dora ?? false,
    taskType: config.task_type ?? null,
    rankOf: (module) => ranks(adapted(module)) ?? ofParameter(ranks, module, 2) ?? config.r,
    alphaOf: (module) =>
      alphas(adapted(module)) ??
      ofParameter(alphas, module, config.use_rslora ? Math.SQRT2 : 2) ??
      config.lora_alpha,
    adapted,
    selects: (module) => selection.selects(module),
    selective: config.target_modules != null || (config.target_parameters ?? []).length > 0,
    idle: (inFile, ofBase) => [
      ...selection.idle(inFile, ofBase),
      ...idlePatterns(rankPattern, path, inPatterns(inFile)).map((key) => `${key} (rank_pattern)`),
      ...idlePatterns(alphaPattern, path, inPatterns(inFile)).map(
        (key) => `${key} (alpha_pattern)`,
      ),
    ],
  };
}
