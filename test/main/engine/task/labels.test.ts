/** What the labels of a file are, and the numbers that they become. */
import { describe, expect, test } from 'vitest';
import type {
  Label,
  LabelledExample,
} from '../../../../src/main/engine/dataset/labelled-example.ts';
import type { KnownLabels } from '../../../../src/main/engine/model/classifier.ts';
import { labelsOf, tellApart } from '../../../../src/main/engine/task/label-kinds.ts';
import { LabelNumbers } from '../../../../src/main/engine/task/label-numbers.ts';

function examples(...labels: Label[]): LabelledExample[] {
  return labels.map((label, i) => ({ line: i + 1, texts: ['text'], label }));
}

describe('the kind follows from the whole file', () => {
  test.each<[string, Label[], KnownLabels]>([
    [
      'words',
      ['on', 'off', 'on'],
      { problem: 'single_label_classification', names: ['off', 'on'] },
    ],
    ['numbers', [10, 2, 1], { problem: 'single_label_classification', names: ['1', '2', '10'] }],
    [
      'numbers as texts',
      ['10', '2'],
      { problem: 'single_label_classification', names: ['2', '10'] },
    ],
    [
      'lists',
      [['b', 'a'], [], ['c']],
      { problem: 'multi_label_classification', names: ['a', 'b', 'c'] },
    ],
    ['a number that is not whole', [1, 2.5, 3], { problem: 'regression', names: ['value'] }],
    ['such a number as a text', ['1', '2.5'], { problem: 'regression', names: ['value'] }],
  ])('%s', (_name, labels, expected) => {
    expect(labelsOf(examples(...labels), null)).toEqual(expected);
  });

  test('or is what was asked for', () => {
    expect(labelsOf(examples(1, 2), 'regression')).toMatchObject({ problem: 'regression' });
  });
});

test.each<[Label[], number, string]>([
  [['a', ['a'], 'b'], 2, 'its label is a list'],
  [[['a'], 'b', ['c']], 2, 'its label is no list'],
  [['a', 'b', 0.5], 3, 'its label 0.5 is not whole'],
  [[0.5, 1, 'b'], 3, 'its label "b" is no number'],
  // A row of 0 and 1 for all classes would be read as the classes 0 and 1.
  [
    [
      [0, 1],
      [1, 0, 0],
    ],
    2,
    'its label has the class "0" twice',
  ],
  [[['a'], ['b', 'b ']], 2, 'its label has the class "b " twice'],
])('%j: mixed kinds are refused by line', (labels, line, reason) => {
  const found = labelsOf(examples(...labels), null);
  expect(found).toMatchObject({ badLines: [{ line }] });
  expect('badLines' in found ? found.badLines[0]?.reason : '').toContain(reason);
});

test.each<[Label[], boolean]>([
  [['a', 'b'], true],
  [['a', 'a '], false],
  [[['a'], []], true],
  [[['a'], ['a']], false],
  [
    [
      ['0', '1'],
      ['1', '0'],
    ],
    false,
  ],
  [[0.5, 0.5], true],
])('%j: tells examples apart: %s', (labels, expected) => {
  const found = labelsOf(examples(...labels), null);
  if ('badLines' in found) throw new Error('bad lines');
  expect(tellApart(examples(...labels), found)).toBe(expected);
});

describe('numbers', () => {
  test('a class is its place among the names', () => {
    const numbers = new LabelNumbers({ problem: 'single_label_classification', names: ['a', 'b'] });
    expect([numbers.of('b'), numbers.of('a')]).toEqual([1, 0]);
    expect(numbers.of('c')).toEqual({ reason: 'its label "c" is none that is known: a, b' });
    const reason = 'its label is a list, and each example is of one class';
    expect(numbers.of(['a'])).toEqual({ reason });
  });

  test('classes without names of their own are known by number', () => {
    const names = ['LABEL_0', 'LABEL_1'];
    const numbers = new LabelNumbers({ problem: 'single_label_classification', names });
    expect([numbers.of(1), numbers.of('LABEL_0')]).toEqual([1, 0]);
    const reason = 'its label "2" is none that is known: LABEL_0, LABEL_1';
    expect(numbers.of(2)).toEqual({ reason });
  });

  test('equal sets are one number, and stand for 0 and 1', () => {
    const names = ['a', 'b', 'c'];
    const numbers = new LabelNumbers({ problem: 'multi_label_classification', names });
    const set = numbers.of(['c', 'a']);
    expect(numbers.of(['a', 'c'])).toBe(set);
    expect(numbers.of([])).not.toBe(set);
    expect([...numbers.targetOf(Number(set))]).toEqual([1, 0, 1]);
  });

  test('values stand for themselves', () => {
    const numbers = new LabelNumbers({ problem: 'regression', names: ['value'] });
    expect([...numbers.targetOf(Number(numbers.of('2.5')))]).toEqual([2.5]);
    expect(numbers.of('much')).toEqual({ reason: 'its label is no number' });
  });
});
