/** The store of the pictures: the same one each time, as the studio itself would have written it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeSampleStore, takenAt } from '../../../scripts/screenshots/sample-store.ts';
import { openStore } from '../../../src/main/store/database.ts';

const homes: string[] = [];
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true });
});

/** What is in it, without the paths of this home. */
function written() {
  const home = mkdtempSync(join(tmpdir(), 'lorikeet-pictures-'));
  homes.push(home);
  const id = makeSampleStore(home, { model: '/m.gguf', data: '/d.jsonl', validation: '/v.jsonl' });
  const store = openStore(join(home, 'lorikeet.db'));
  const runs = store.runs.list();
  const points = runs.map((run) => store.metrics.of(run.id));
  const adapters = store.adapters.list();
  store.close();
  const text = JSON.stringify({ runs, points, adapters }).replaceAll(home, '/home');
  return { id, runs, points, adapters, text };
}

test('two stores are equal, and their runs fall, end before the pictures and have their adapters', () => {
  const { id, runs, points, adapters, text } = written();
  expect(written().text).toBe(text);
  expect(runs.map((run) => run.id)).toContain(id);
  for (const { steps, validations } of points) {
    expect(steps.at(-1)?.loss).toBeLessThan((steps[0]?.loss ?? NaN) / 2);
    expect(validations.length).toBe(Math.floor(steps.length / 12));
  }
  for (const { finishedAt, startedAt, createdAt } of runs) {
    expect(finishedAt).toBeLessThan(takenAt);
    expect(createdAt).toBeLessThan(startedAt ?? NaN);
  }
  const finished = runs.filter(({ state }) => state === 'finished');
  expect(adapters.map(({ runId }) => runId).sort()).toEqual(finished.map((run) => run.id).sort());
});
