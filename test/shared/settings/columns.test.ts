/** The mapping of columns: what it may be, and what is said of one that it may not be. */
import { describe, expect, test } from 'vitest';
import { trainingConfig } from '../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../src/shared/contract/training-defaults.ts';
import { columnsKind, readColumns } from '../../../src/shared/settings/columns-kind.ts';

const config = {
  ...trainingDefaults,
  ...{ name: '', model: 'm', data: 'd', validation: { kind: 'none' } },
};

test('a text names keys and columns, whatever stands in the name of a column', () => {
  const columns = readColumns(' prompt=the question ,completion = a=b,unused=x,unused=y');
  expect(columns).toEqual([
    { name: 'the question', as: 'prompt' },
    { name: 'a=b', as: 'completion' },
    { name: 'x', as: 'unused' },
    { name: 'y', as: 'unused' },
  ]);
  expect(trainingConfig.parse({ ...config, columns }).columns).toEqual(columns);
  if (!columnsKind.is(columns)) throw new Error('no columns');
  expect(columnsKind.say(columns)).toBe(
    'the question as prompt, a=b as completion, x not used, y not used',
  );
});

test('a run from before there was a mapping has none', () => {
  const { columns, ...before } = config;
  expect(trainingConfig.parse(before).columns).toEqual(columns);
  expect(columnsKind.say([])).toBeNull();
});

describe('what a mapping may not be is said by name', () => {
  test.each([
    ['prompt=a,prompt=b', '"prompt" is mapped twice, to "a" and to "b"'],
    ['prompt=a,completion=a', 'the column "a" is mapped twice'],
    ['promt=a', /^"promt" is no key of an example; keys are prompt, completion, /],
    ['toString=a', /^"toString" is no key of an example/],
    ['prompt=', '"prompt" has no column'],
    ['question', 'expected a mapping such as prompt=question,completion=answer'],
    ['', 'expected a mapping such as prompt=question,completion=answer'],
  ])('%s', (text, message) => {
    const { error } = trainingConfig.safeParse({ ...config, columns: readColumns(text) });
    expect(error?.issues).toMatchObject([
      { path: ['columns'], message: expect.stringMatching(message) as unknown },
    ]);
  });
});
