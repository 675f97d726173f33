/** What is advised where memory ran out can be done with the command that ran. */
import { expect, test } from 'vitest';
import { lorikeetError } from '../../../src/shared/errors/lorikeet-error.ts';
import { withAdvice } from '../../../src/shared/errors/memory-advice.ts';

const problems = [
  lorikeetError('engine/failed', { message: 'm' }),
  lorikeetError('engine/out-of-memory', { message: 'm' }),
  lorikeetError('engine/stopped', { reason: 'r' }),
  lorikeetError('engine/ended-for-memory', { reason: 'r' }),
].map(({ problem }) => problem);

test.each([
  ['train', /batch size/],
  ['generate', /shorter prompt.*--max-new-tokens/],
  ['compare', /shorter prompt/],
  ['evaluate', /--sequence-length/],
  ['logits', /fewer tokens/],
  ['export', /smaller model/],
])('%s', (command, words) => {
  for (const problem of problems) {
    const { next, ...rest } = withAdvice(problem, command);
    expect(next).toMatch(words);
    expect(problem).toMatchObject(rest);
    if (command !== 'train') expect(next).not.toMatch(/batch|checkpoint/);
  }
});

test('other problems have the advice that they came with', () => {
  const { problem } = lorikeetError('engine/bad-tokens', { token: null, vocabSize: 3 });
  expect(withAdvice(problem, 'generate')).toEqual(problem);
});
