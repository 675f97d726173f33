/** In which form a run holds its base, from what it asked for, what the file has and what is free. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Checkpoint } from '../../../../src/main/engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { chooseBase } from '../../../../src/main/engine/commands/choose-base.ts';
import { layOut } from '../../../../src/main/engine/lora/layout.ts';
import { resolveTargets } from '../../../../src/main/engine/lora/targets.ts';
import type { ComputeType } from '../../../../src/main/engine/model/base-weights.ts';
import { causalLm } from '../../../../src/main/engine/task/causal-lm.ts';
import { estimateMemory } from '../../../../src/main/engine/train/memory.ts';
import { trainProgram } from '../../../../src/main/engine/train/program.ts';
import type { BaseChoice } from '../../../../src/shared/base-forms.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { packedCheckpoint } from '../../../support/packed-checkpoint.ts';
import { writeWideModel } from '../../../support/wide-model.ts';
import { fixturePath } from '../parity/fixtures.ts';

const wide = mkdtempSync(join(tmpdir(), 'lorikeet-wide-'));
writeWideModel(wide);
const plain = await openCheckpoint(wide);
const { packed: blocks } = packedCheckpoint(plain);
const small = await openCheckpoint(fixturePath('gguf/tiny-untied.gguf'));
const halves = await openCheckpoint(fixturePath('gguf/tiny-llama3-rope.gguf'));
afterAll(() => {
  for (const each of [plain, small, halves]) each.close();
  rmSync(wide, { recursive: true });
});

function choosing(checkpoint: Checkpoint, computeType: ComputeType = 'float32') {
  const { architecture } = checkpoint;
  const options = {
    ...({ architecture, task: causalLm, computeType, fusion: 'none', keep: 'products' } as const),
    layout: layOut([resolveTargets(architecture, trainingDefaults.lora)]),
    shape: { rows: 1, length: 16 },
    capacity: causalLm.capacityFor(16),
    ...{ dropout: 0, weightDecay: 0, maxGradNorm: 1 },
  };
  const choose = (base: BaseChoice, free = Infinity, doubleQuant = false) =>
    chooseBase({ base, doubleQuant }, checkpoint, options, free);
  return { choose, dense: estimateMemory(options, trainProgram(options)).totalBytes };
}

describe('automatic', () => {
  test('is dense where that fits, and says so with the figures', () => {
    const { choose, dense } = choosing(blocks);
    const chosen = choose('auto', 2 * dense);
    expect(chosen).toMatchObject({ base: { form: 'dense', doubleQuant: false } });
    expect(chosen.memory().totalBytes).toBe(dense);
    expect(chosen.notices).toEqual([
      expect.stringMatching(
        /^Base in memory: Dense, which fits\. The run needs about \d+ MiB of .+ free\.$/,
      ),
    ]);
    // An estimate may be off by 15 %.
    expect(choose('auto', 1.16 * dense).base.form).toBe('dense');
    expect(choose('auto', 1.14 * dense).base.form).toBe('packed');
  });

  test('of a file with blocks takes these where dense does not fit, and quantises no further', () => {
    const { choose, dense } = choosing(blocks);
    const chosen = choose('auto', 1000);
    expect(chosen.base).toEqual({ form: 'packed', doubleQuant: false });
    expect(chosen.memory().totalBytes).toBeLessThan(dense);
    expect(chosen.options.packingOf?.('model.layers.0.mlp.up_proj.weight')).toEqual(
      blocks.tensors.get('model.layers.0.mlp.up_proj.weight')?.packing,
    );
    expect(chosen.notices[0]).toMatch(
      /^Base in memory: As in the file, which needs least and may still not fit\. .+ of 1,000 B free \(Dense .+\)\.$/,
    );
  });

  test('holds numbers of 16 bits as they are where they would be widened', () => {
    const tried = (computeType: ComputeType) =>
      choosing(halves, computeType).choose('auto', 1000).notices[0];
    expect(tried('float32')).toContain('As in the file');
    expect(tried('bfloat16')).not.toContain('As in the file');
  });

  test('of plain numbers takes the first quantised form that fits', () => {
    const { choose, dense } = choosing(plain);
    const [int8, nf4] = [choose('int8'), choose('nf4')].map(({ memory }) => memory().totalBytes);
    if (int8 === undefined || nf4 === undefined) throw new Error('two forms have two sizes');
    expect(nf4).toBeLessThan(int8);
    expect(int8).toBeLessThan(dense);
    const room = (bytes: number) => 1.15 * bytes + 1;
    expect(choose('auto', room(int8)).base).toEqual({ form: 'int8', doubleQuant: false });
    const least = choose('auto', room(nf4), true);
    expect(least.base).toEqual({ form: 'nf4', doubleQuant: true });
    expect(least.notices[0]).toMatch(/the first form that fits\. .+ \(Dense .+; int8, 8 bits .+\)/);
    expect(least.notices).toContainEqual(expect.stringContaining('learns on the rounded weights'));
  });

  test('says where double quantisation is not used', () => {
    const { choose } = choosing(blocks);
    expect(choose('auto', Infinity, true)).toMatchObject({
      base: { form: 'dense', doubleQuant: false },
      notices: [expect.anything(), expect.stringContaining('has no effect here')],
    });
  });
});

describe('asked for', () => {
  test('is held so whatever is free, with what it means for a small model', () => {
    const { choose, dense } = choosing(small);
    const packed = choose('packed', 1000);
    expect(packed.base).toEqual({ form: 'packed', doubleQuant: false });
    expect(packed.notices).toEqual([
      '2 of 14 matrices of the layers stay dense in this form.',
      expect.stringMatching(/saves next to nothing/),
    ]);
    const plainly = choose('dense', 1000);
    expect(plainly).toMatchObject({ base: { form: 'dense' }, notices: [] });
    expect(plainly.memory().totalBytes).toBe(dense);
    expect([...plainly.checkpoint.tensors.values()].every(({ packing }) => packing === null)).toBe(
      true,
    );
  });

  test('as in the file tells where that takes as much as dense', () => {
    const { choose } = choosing(halves, 'bfloat16');
    expect(choose('packed').notices).toEqual([
      'Held as in the file, this base takes as much memory as dense.',
    ]);
    expect(() => choosing(plain).choose('packed')).toThrow(/cannot be held as in the file/);
  });

  test('is refused where it would quantise blocks once more', () => {
    const { choose } = choosing(blocks);
    expect(() => choose('nf4')).toThrow(/quantised already \(.*Q4_0.*\)/);
    expect(() => choose('int8')).toThrow(/quantised already/);
  });

  test('double quantisation is refused where the form is not NF4', () => {
    const { choose } = choosing(plain);
    expect(() => choose('int8', Infinity, true)).toThrow(/a part of NF4, .* held as int8/);
  });
});
