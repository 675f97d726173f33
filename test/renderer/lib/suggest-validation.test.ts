import { expect, test } from 'vitest';
import { suggestValidation } from '../../../src/renderer/lib/suggest-validation.ts';

const known = ['home.train', 'home.validation', 'chat_train', 'chat_held-out', 'poems'].map(
  (name, id) => ({ id, name, path: `/data/${name}.jsonl`, examples: 1, addedAt: 0 }),
);

test.each([
  ['/data/home.train.jsonl', '/data/home.validation.jsonl'],
  ['/other/chat_train.jsonl', '/data/chat_held-out.jsonl'],
  ['/data/home.jsonl', '/data/home.validation.jsonl'],
  ['/data/poems.jsonl', null],
  ['/data/train.jsonl', null],
])('for %s', (data, validation) => {
  expect(suggestValidation(data, known)).toBe(validation);
});
