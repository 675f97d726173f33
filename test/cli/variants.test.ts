/** A file of variants becomes the options of each run, or a sentence about what is wrong with it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { addTrainingOptions } from '../../src/cli/training-options.ts';
import { readVariants } from '../../src/cli/variants.ts';
import { problemOf } from '../main/engine/checkpoint/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorikeet-variants-'));
const path = join(folder, 'variants.json');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What the command line gives before a schema has read it. */
const given = {
  ...addTrainingOptions(new Command()).parse(['--rank', '8'], { from: 'user' }).opts(),
  ...{ model: 'm', data: 'd' },
};

function variantsOf(content: unknown) {
  writeFileSync(path, JSON.stringify(content));
  return readVariants(path, given).map(({ options }) => options);
}

test('a variant changes what it names, written as the option or as one word', () => {
  const [first, second] = variantsOf([
    { 'learning-rate': 1e-3, targetModules: ['q_proj', 'v_proj'], seed: 3 },
    { rank: '4', rslora: true, 'rank-pattern': { q_proj: 2 }, name: 'small' },
  ]);
  expect(first).toMatchObject({
    ...{ learningRate: 1e-3, targetModules: ['q_proj', 'v_proj'], seed: 3, rank: 8 },
    name: 'learning-rate 0.001, target-modules q_proj,v_proj, seed 3',
  });
  expect(second).toMatchObject({ rank: 4, useRslora: true, rankPattern: { q_proj: 2 }, seed: 0 });
  expect(second?.name).toBe('small');
});

test('the name of the whole stands before what is different', () => {
  writeFileSync(path, '[{"rank": 4}, {}]');
  const names = readVariants(path, { ...given, name: 'lamp' }).map(({ options }) => options.name);
  expect(names).toEqual(['lamp: rank 4', 'lamp: variant 2']);
});

describe('refused, with the reason', () => {
  test.each([
    [{}, 'expected a list'],
    [[], 'expected a list'],
    [[{ rank: 4 }, { batchSize: 2 }], 'variant 2 has "batchSize", but only --name'],
    [[{ rank: 'many' }], 'variant 1: --rank: expected a whole number'],
    [[{ 'learning-rate': -1 }], 'variant 1: --learning-rate: expected a number above 0'],
  ])('%j', async (content, reason) => {
    const problem = await problemOf(() => variantsOf(content));
    expect(problem).toMatchObject({ code: 'cli/bad-variants', where: path });
    expect(problem.what).toContain(reason);
  });

  test('no JSON, or no file', async () => {
    writeFileSync(path, '[');
    expect(await problemOf(() => readVariants(path, given))).toMatchObject({
      code: 'cli/bad-variants',
    });
    expect(await problemOf(() => readVariants(join(folder, 'none'), given))).toMatchObject({
      code: 'cli/file-unreadable',
    });
  });
});

test('what a file says twice is refused by name', async () => {
  writeFileSync(path, '[{"rank": 4, "rank": 8}]');
  expect((await problemOf(() => readVariants(path, given))).what).toContain('"rank" twice');
  writeFileSync(path, '[{"learning-rate": 1e-3, "learningRate": 1e-4}]');
  expect((await problemOf(() => readVariants(path, given))).what).toContain(
    '--learning-rate twice',
  );
});
