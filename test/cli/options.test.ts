/** Texts of the command line become values, or a sentence that says what was expected. */
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  flagOf,
  integer,
  layerList,
  nameList,
  nonNegativeNumber,
  optionOf,
  positiveNumber,
  someText,
  tokenList,
} from '../../src/cli/options.ts';
import { byModule, whole } from '../../src/shared/settings/kind.ts';

function messageOf(schema: z.ZodType, text: string): string | undefined {
  return schema.safeParse(text).error?.issues[0]?.message;
}

describe('whole numbers', () => {
  test.each([
    ['8', 8],
    ['-1', -1],
    ['0', 0],
  ])('%s is taken', (text, value) => {
    expect(integer().parse(text)).toBe(value);
  });

  test.each(['', '1.5', '1e3', 'x', '0x10', ' 1', '99999999999999999999'])(
    '%j is refused',
    (text) => {
      expect(messageOf(integer(), text)).toBe('expected a whole number');
    },
  );

  test('below the least is refused, with the least', () => {
    expect(messageOf(integer(1), '0')).toBe('expected a whole number from 1');
  });
});

describe('numbers', () => {
  test.each([
    ['2e-4', 2e-4],
    ['0.5', 0.5],
    ['.5', 0.5],
    ['16', 16],
  ])('%s is taken', (text, value) => {
    expect(positiveNumber.parse(text)).toBe(value);
  });

  test.each(['0', '-1', 'NaN', 'Infinity', '1e999', '1,5', ''])('%j is not above 0', (text) => {
    expect(messageOf(positiveNumber, text)).toBe('expected a number above 0');
  });

  test('0 is taken where it may be', () => {
    expect(nonNegativeNumber.parse('0')).toBe(0);
  });
});

describe('layers', () => {
  test.each([
    ['0-3', [0, 1, 2, 3]],
    ['5', [5]],
    ['5-7,0,2,6', [0, 2, 5, 6, 7]],
  ])('%s', (text, layers) => {
    expect(layerList.parse(text)).toEqual(layers);
  });

  test.each(['', 'a', '1-', '-1', '1..3', '1,,2'])('%j is refused', (text) => {
    expect(messageOf(layerList, text)).toBe('expected layers such as 0-29 or 0,2,5-7');
  });

  test('a range that ends before it begins is refused', () => {
    expect(messageOf(layerList, '3-1')).toBe('a range of layers ends before it begins');
  });
});

describe('numbers by module', () => {
  const ranks = optionOf(byModule(whole(), '{"q_proj": 4}'));

  test('are a JSON object', () => {
    expect(ranks.parse('{"q_proj": 4, "layers.0.mlp.*": 2}')).toEqual({
      q_proj: 4,
      'layers.0.mlp.*': 2,
    });
    expect(ranks.parse('{}')).toEqual({});
  });

  test.each(['', 'q_proj=4', '[4]', '4', 'null', '{"q_proj": "4"}', '{"q_proj": 1.5}', '{"": 4}'])(
    '%j is refused with an example',
    (text) => {
      expect(messageOf(ranks, text)).toBe('expected JSON such as {"q_proj": 4}');
    },
  );
});

test('names and tokens are cut at commas', () => {
  expect(nameList.parse('q_proj, v_proj')).toEqual(['q_proj', 'v_proj']);
  expect(messageOf(nameList, 'q_proj,')).toContain('expected names');
  expect(tokenList.parse('1, 2,3')).toEqual([1, 2, 3]);
  expect(messageOf(tokenList, '1,-2')).toContain('expected token ids');
});

test('an option is named as it is typed', () => {
  expect(flagOf('maxSteps')).toBe('--max-steps');
});

test('a text that says nothing is refused', () => {
  expect(messageOf(someText, '')).toBe('expected a text that is not empty');
});
