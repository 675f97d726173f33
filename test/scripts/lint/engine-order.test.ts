/** dependency-cruiser with the project's rules refuses an import against the order of the engine's stages, and circles. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type IFlattenedRuleSet } from 'dependency-cruiser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import rules from '../../../.dependency-cruiser.mjs';
import { oneStructure, stages } from '../../../scripts/lint/engine-order.mjs';
import { project } from '../../../scripts/lib/project.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-order-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Each file, with the files that it imports; gives the names of the rules that are broken. */
async function broken(files: Record<string, readonly string[]>): Promise<string[]> {
  for (const [path, imports] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    const up = '../'.repeat(path.split('/').length - 1);
    // Types count as well.
    const lines = imports.map((other, i) => `import type { X as X${i} } from '${up}${other}';`);
    writeFileSync(file, `${lines.join('\n')}\nexport type X = 1;\n`);
  }
  const ruleSet: IFlattenedRuleSet = { forbidden: rules.forbidden ?? [] };
  const options = { ruleSet, validate: true, baseDir: folder, tsPreCompilationDeps: true };
  const { output } = await cruise(['src'], options);
  if (typeof output === 'string') throw new Error(output);
  return [...new Set(output.summary.violations.map(({ rule }) => rule.name))].sort();
}

const engine = 'src/main/engine';

describe('order', () => {
  it('allows what a stage takes from the stages before', async () => {
    expect(
      await broken({
        [`${engine}/train/trainer.ts`]: [`${engine}/lora/bank.ts`, 'src/shared/a.ts'],
        [`${engine}/lora/bank.ts`]: [`${engine}/model/config.ts`],
        [`${engine}/model/config.ts`]: [`${engine}/model/shapes.ts`],
        [`${engine}/model/shapes.ts`]: [],
        'src/shared/a.ts': [],
      }),
    ).toEqual([]);
  });

  it.each([
    ['model/llama.ts', 'lora/bank.ts', 'engine-order-model'],
    ['dataset/inspect.ts', 'batch/encode.ts', 'engine-order-dataset'],
    ['runtime/device.ts', 'generate/program.ts', 'engine-order-runtime'],
    ['export/proof.ts', 'commands/train.ts', 'engine-order-export'],
    ['random.ts', 'runtime/binding.ts', 'engine-order-random'],
    ['graph/ops/index.ts', 'tokenizer/tokenizer.ts', 'graph-knows-no-language'],
  ])('refuses in %s: %s', async (from, to, rule) => {
    const files = { [`${engine}/${from}`]: [`${engine}/${to}`], [`${engine}/${to}`]: [] };
    expect(await broken(files)).toEqual([rule]);
  });

  it('refuses a folder that has no place in it', async () => {
    const files = {
      [`${engine}/commands/a.ts`]: [`${engine}/new/b.ts`],
      [`${engine}/new/b.ts`]: [],
    };
    expect(await broken(files)).toEqual(['engine-stage-unknown']);
  });

  it('names folders that there are', () => {
    const there = readdirSync(join(project, engine));
    for (const stage of stages) expect(there).toContain(stage.replace('/', ''));
  });
});

describe('circles', () => {
  it('are refused, also of types and over three files', async () => {
    const files = { 'src/cli/a.ts': ['src/cli/b.ts'], 'src/cli/b.ts': ['src/cli/c.ts'] };
    expect(await broken({ ...files, 'src/cli/c.ts': ['src/cli/a.ts'] })).toEqual(['no-circle']);
  });

  const [first = '', second = ''] = oneStructure;

  it('are allowed among the files of one data structure', async () => {
    expect(await broken({ [first]: [second], [second]: [first] })).toEqual([]);
  });

  it('are refused where they leave it', async () => {
    const session = `${engine}/graph/session.ts`;
    expect(await broken({ [first]: [session], [session]: [first] })).toEqual(['no-circle']);
  });
});
