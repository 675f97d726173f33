import { expect, test } from 'vitest';
import { baseName, joinPath, stem } from '../../../src/renderer/lib/paths.ts';

test.each([
  ['/data/train.jsonl', 'train.jsonl'],
  ['/models/tiny/', 'tiny'],
  ['C:\\data\\train.jsonl', 'train.jsonl'],
  ['train.jsonl', 'train.jsonl'],
])('last part of %s', (path, name) => {
  expect(baseName(path)).toBe(name);
});

test('a stem has no ending, a folder with a dot in it keeps it', () => {
  expect(stem('/data/train.jsonl')).toBe('train');
  expect(stem('/models/llama-3.2-instruct')).toBe('llama-3.2-instruct');
});

test('paths are joined with the slash they have', () => {
  expect(joinPath('/home/a/', 'exports', 'b')).toBe('/home/a/exports/b');
  expect(joinPath('C:\\data', 'exports')).toBe('C:\\data\\exports');
});
