/** Tiny curves and the points of runs are read when they are looked at, and no more of them are held than are of use. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LossCurves } from '../../../src/renderer/state/loss-curves.svelte.ts';
import { Metrics, mostHeld } from '../../../src/renderer/state/metrics.svelte.ts';
import { runOf } from '../run-record.ts';
import { columnsAt } from '../steps-of.ts';

let asked: number[][];
beforeEach(() => {
  asked = [];
  const invoke = (command: string, request: { id?: number; ids?: number[] }) => {
    const ids = request.ids ?? [request.id ?? 0];
    asked.push(ids);
    const value =
      command === 'runs.curves'
        ? ids.map((id) => ({ id, points: [{ x: 1, y: id }] }))
        : {
            steps: columnsAt([1, 2, 3]),
            validations: [],
            health: [],
            watched: { prompts: [], rounds: [] },
          };
    return Promise.resolve({ ok: true, value });
  };
  vi.stubGlobal('window', { lorikeet: { invoke } });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test('a curve is read once, and again when its run has gone on', async () => {
  const curves = new LossCurves();
  const [done, waits] = [runOf({ id: 1, step: 9 }), runOf({ id: 2, step: 0 })];
  const at = (step: number) => runOf({ id: 3, step, state: 'running' });
  await curves.need([done, waits, at(5)], 0);
  expect(asked).toEqual([[1, 3]]);
  expect([1, 2].map((id) => curves.of(id))).toEqual([[{ x: 1, y: 1 }], []]);
  await curves.need([done, waits, at(6)], 1000);
  expect(asked).toHaveLength(1);
  await curves.need([done, waits, at(7)], 6000);
  await curves.need([done, waits, runOf({ id: 3, step: 8 })], 6500);
  expect(asked.slice(1)).toEqual([[3], [3]]);
});

test('the points of the runs that were looked at last are held, others are read again', async () => {
  const metrics = new Metrics();
  const look = async (id: number) => {
    const live = metrics.of(id);
    await Promise.resolve();
    return live;
  };
  for (let id = 1; id <= mostHeld; id += 1) await look(id);
  const first = await look(1);
  await look(mostHeld + 1);
  expect(asked).toHaveLength(mostHeld + 1);
  expect(await look(1)).toBe(first);
  expect(asked).toHaveLength(mostHeld + 1);
  // The second had been left longest.
  await look(2);
  expect(asked.slice(mostHeld + 1)).toEqual([[2]]);
});
