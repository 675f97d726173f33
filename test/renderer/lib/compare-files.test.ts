import { expect, test } from 'vitest';
import { pointsCsv, resultsCsv } from '../../../src/renderer/lib/compare-files.ts';
import { csvOf } from '../../../src/renderer/lib/csv.ts';
import { lookOf } from '../../../src/renderer/lib/run-looks.ts';
import { runOf } from '../run-record.ts';
import { stepsOf } from '../steps-of.ts';

const compared = (name: string, learningRate: number, lastLoss: number | null) => {
  const run = runOf({ name, lastLoss });
  return {
    run: { ...run, config: { ...run.config, learningRate } },
    ...lookOf(0),
    live: {
      steps: stepsOf([1, 2]),
      validations: [2, 5].map((step) => ({ step, loss: step / 4, tokens: 9, report: null })),
    },
  };
};

test('fields with commas, quotes and line ends are quoted, numbers are written in full', () => {
  expect(
    csvOf([
      ['a,b', 'say "x"', 'one\ntwo'],
      [0.1 + 0.2, null, 1e-7],
    ]),
  ).toBe('"a,b","say ""x""","one\ntwo"\r\n0.30000000000000004,,1e-7\r\n');
});

test('every step is a row with its validation, and a validation of no step is one, too', () => {
  const lines = pointsCsv([compared('a,b', 1e-4, 1)]).split('\r\n');
  expect(lines).toEqual([
    'run,step,epoch,tokens,seconds_trained,loss,learning_rate,gradient_norm,tokens_per_second,validation_loss',
    '"a,b",1,0.25,100,2,3,0.0001,1,50,',
    '"a,b",2,0.5,200,4,2,0.0001,1,50,0.5',
    '"a,b",5,,,,,,,,1.25',
    '',
  ]);
});

test('the table is saved as it is sorted, in plain values, with what differs', () => {
  const runs = [compared('one', 1e-4, 0.5), compared('other', 2e-3, null)];
  const [head = '', ...rows] = resultsCsv(runs, [1, 0]).split('\r\n');
  expect(head).toMatch(/^Run,State,Last training loss,.*Training time \(s\).*,Learning rate$/);
  expect(rows[0]).toMatch(/^other,Finished,,,0.5,2,10,200,4,50,,,0\.002$/);
  expect(rows[1]).toMatch(/^one,Finished,0.5,.*,0\.0001$/);
});
