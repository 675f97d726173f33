/** What of a prompt need not be read again: whole runs of the same tokens by the same weights, and nothing that was overwritten. */
import { expect, test } from 'vitest';
import { ReadPrompts } from '../../../../src/main/engine/generate/read-prompts.ts';

const ten = Array.from({ length: 10 }, (_, i) => i);

/** Two rows that have been read whole. */
function read(): ReadPrompts {
  const known = new ReadPrompts(4);
  expect(known.begin([ten, ten], [[1], [0]])).toEqual([0, 0]);
  for (const row of [0, 1]) known.note(row, ten, 10);
  return known;
}

test('whole runs are kept as far as the tokens are the same, but never the last token', () => {
  expect(read().begin([[...ten, 11], ten], [[1], [0]])).toEqual([8, 8]);
  // The last token is the eighth: a run has to give what follows it.
  expect(read().begin([ten.slice(0, 8), ten.slice(0, 9)], [[1], [0]])).toEqual([4, 8]);
  expect(
    read().begin(
      [
        [0, 1, 2, 3, 4, 99, 6, 7, 8],
        [9, 1],
      ],
      [[1], [0]],
    ),
  ).toEqual([4, 0]);
});

test('another weight, another adapter or another use of the row keeps nothing', () => {
  expect(read().begin([ten, ten], [[0.5], [0]])).toEqual([0, 8]);
  const changed = read();
  changed.forget();
  expect(changed.begin([ten, ten], [[1], [0]])).toEqual([0, 0]);
  const narrow = read();
  narrow.begin([ten], [[1]]);
  expect(narrow.begin([ten, ten], [[1], [0]])).toEqual([8, 0]);
});

test('what was not read to its end counts as far as it came', () => {
  const known = new ReadPrompts(4);
  known.begin([ten], [[1]]);
  known.note(0, ten, 4);
  expect(known.begin([ten], [[1]])).toEqual([4]);
  // It was stopped at once: only what was there before is.
  expect(known.begin([ten], [[1]])).toEqual([4]);
});
