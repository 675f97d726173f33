/** The nucleus of a distribution, against probabilities that can be read off. */
import { expect, test } from 'vitest';
import { nucleus } from '../../../../src/main/engine/generate/nucleus.ts';
import { Program } from '../../../../src/main/engine/graph/program.ts';
import { Session } from '../../../../src/main/engine/graph/session.ts';

/** Probabilities 1/8, 1/2, 1/4, 1/8 at temperature 1, and those of another row turned round. */
const logits = [1, 4, 2, 1, 1, 2, 4, 1].map(Math.log);

/** Which of each row's four tokens are inside. */
function inside(topP: number, temperature = 1): boolean[] {
  const program = new Program();
  const [x, t, p] = [
    program.placeholder('x', 'float32', [2, 4]),
    program.placeholder('t', 'float32', []),
    program.placeholder('p', 'float32', []),
  ];
  const left = nucleus(x, t, p);
  const session = new Session(program);
  try {
    const feeds = [
      [x, Float32Array.from(logits)],
      [t, Float32Array.of(temperature)],
      [p, Float32Array.of(topP)],
    ] as const;
    const [values] = session.run(feeds, [left]);
    const kept = [...(values ?? [])].map(Number);
    // What stays is as it was.
    expect(kept.every((value, i) => value < -1e29 || value === Math.fround(logits[i] ?? NaN))).toBe(
      true,
    );
    return kept.map((value) => value > -1e29);
  } finally {
    session.dispose();
  }
}

const [no, yes] = [false, true];

test('it has the fewest likeliest tokens that reach the probability, and those as likely as the last', () => {
  expect(inside(0.001)).toEqual([no, yes, no, no, no, no, yes, no]);
  expect(inside(0.49)).toEqual([no, yes, no, no, no, no, yes, no]);
  expect(inside(0.6)).toEqual([no, yes, yes, no, no, yes, yes, no]);
  // The two of 1/8 stand or go together.
  expect(inside(0.8)).toEqual(Array.from({ length: 8 }, () => yes));
});

test('the temperature counts before: half of it squares the odds', () => {
  // 1/22, 16/22, 4/22, 1/22
  expect(inside(0.7, 0.5)).toEqual([no, yes, no, no, no, no, yes, no]);
  expect(inside(0.7, 1)).toEqual([no, yes, yes, no, no, yes, yes, no]);
});
