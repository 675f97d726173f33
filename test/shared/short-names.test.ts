import { expect, test } from 'vitest';
import { shortNames } from '../../src/shared/short-names.ts';

test('as few of the last parts as tell paths apart', () => {
  expect(shortNames(['/data/a/train.jsonl', '/data/b/test.jsonl'])).toEqual([
    'train.jsonl',
    'test.jsonl',
  ]);
  expect(shortNames(['/data/a/train.jsonl', '/data/b/train.jsonl'])).toEqual([
    'a/train.jsonl',
    'b/train.jsonl',
  ]);
  expect(shortNames(['/same', '/same'])).toEqual(['same', 'same']);
  expect(shortNames(['/a', '/b/a'])).toEqual(['a', 'b/a']);
});
