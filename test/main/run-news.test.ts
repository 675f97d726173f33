/** Which changes of a run the page is told. */
import { expect, test } from 'vitest';
import { runNews } from '../../src/main/run-news.ts';
import type { StudioEvent } from '../../src/shared/contract/events.ts';
import type { RunRecord, RunState } from '../../src/shared/contract/records.ts';
import { runOf } from '../renderer/run-record.ts';

function run(id: number, state: RunState, step: number): RunRecord {
  return runOf({ id, state, step });
}

test('every change of state, the last figures with it, and five steps a second', () => {
  const events: StudioEvent[] = [];
  let time = 0;
  const tell = runNews(
    (event) => events.push(event),
    () => time,
  );
  tell(run(1, 'preparing', 0));
  for (let step = 1; step <= 100; step += 1) {
    time += 10;
    tell(run(1, 'running', step));
  }
  tell(run(2, 'queued', 0));
  tell({ ...run(1, 'finished', 100), adapterId: 3 });
  const told = events.flatMap((event) => (event.kind === 'run-changed' ? [event.run] : []));
  const of1 = told.filter(({ id }) => id === 1);
  expect(of1.map(({ step }) => step)).toEqual([0, 1, 21, 41, 61, 81, 100]);
  expect(of1.at(-1)?.state).toBe('finished');
  expect(told.filter(({ id }) => id === 2)).toHaveLength(1);
  expect(events.at(-1)).toEqual({ kind: 'library-changed' });
});

test('what there is to say about a run is told at once, and once', () => {
  const told: StudioEvent[] = [];
  const tell = runNews(
    (event) => told.push(event),
    () => 0,
  );
  const changes = [{ step: 1, text: 'less memory' }];
  for (const over of [
    {},
    { notices: ['one'] },
    { notices: ['one'] },
    { notices: ['one'], changes },
  ])
    tell(runOf({ id: 1, state: 'running', ...over }));
  expect(told).toHaveLength(3);
});
