/** What a config.json says of the classes of a classifier. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseArchitecture } from '../../../../src/main/engine/model/families/index.ts';
import { fixtures, problemOf } from '../checkpoint/fixtures.ts';

const path = join(fixtures, 'classifiers/tiny-bert/model/config.json');
const own = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
const parse = (json: Record<string, unknown>) => parseArchitecture({ ...own, ...json }, path);
const three = { 0: 'off', 1: 'on', 2: 'unclear' };

test.each([
  [{ id2label: { 0: 'off', 1: 'on', 5: 'unclear' } }, /numbers 0, 1, 5, which do not count from 0/],
  [{ id2label: { 0: 1, 1: 2 } }, /id2label\.0/],
  [{ problem_type: 'token_thing' }, /problem_type/],
  [{ num_labels: 0, id2label: null }, /num_labels/],
])('%j is refused by name', async (json, reason) => {
  const problem = await problemOf(() => parse(json));
  expect(problem).toMatchObject({ code: 'checkpoint/bad-config', where: path });
  expect(problem.what).toMatch(reason);
});

test.each([
  [{ label2id: { off: 2, on: 1, unclear: 0 } }, [/"off" the number 2; "unclear" the number 0/]],
  [{ num_labels: 5 }, [/num_labels 5, and names 3 classes/]],
  [{ label2id: { off: 0, on: 1, unclear: 2 }, num_labels: 3 }, []],
  [{ label2id: null }, []],
])('%j is told where it says otherwise', (json, told) => {
  const { labels, notices } = parse({ id2label: three, ...json });
  expect(labels?.names).toEqual(['off', 'on', 'unclear']);
  expect(notices).toEqual(told.map((reason) => expect.stringMatching(reason) as unknown));
});
