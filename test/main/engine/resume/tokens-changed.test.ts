/** A run goes on only with the tokens that it began with: files beside the model say how its data is written, too. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aboutPath } from '../../../../src/main/engine/resume/training-checkpoint.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { checkpointAt, oneRun, trainOne } from './one-run.ts';

test('a chat template that has changed is refused by what comes of it, and goes on when it is put back', async () => {
  const run = oneRun();
  await trainOne(run, { pauseAt: 2 });
  const template = join(run.config.model, 'chat_template.jinja');
  const before = readFileSync(template, 'utf8');
  writeFileSync(template, `Zz${before}`);
  const problem = await problemOf(() => trainOne(run, { from: 2 }));
  expect(problem).toMatchObject({ code: 'resume/tokens-changed', where: run.config.model });
  expect(problem.what).toMatch(/other tokens than when the run began.*chat template/);
  expect(problem.next).toContain(checkpointAt(run, 2));
  // What comes to the same tokens is no other data.
  writeFileSync(template, `{# a remark #}${before}`);
  const { losses } = await trainOne(run, { from: 2 });
  expect([...losses.keys()]).toEqual([3, 4, 5, 6]);
});

test('a checkpoint that was written before tokens were noted goes on', async () => {
  const run = oneRun();
  await trainOne(run, { pauseAt: 2 });
  const path = aboutPath(checkpointAt(run, 2));
  const about = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  expect(about['tokens']).toEqual([
    { training: expect.any(String) as string, validation: expect.any(String) as string },
  ]);
  const older = { ...about, tokens: undefined, content: undefined };
  writeFileSync(path, JSON.stringify(older));
  const { outcome } = await trainOne(run, { from: 2 });
  expect(outcome.kind).toBe('trained');
});
