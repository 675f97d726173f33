/** A run, a merge and an answer in the real window: no process of the studio has a socket to another machine meanwhile. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { watchSockets, type Watched } from '../support/sockets.ts';
import { startRun } from './choose.ts';
import { launchStudio, type LaunchedStudio } from './launch.ts';
import { invoke, tinyRun } from './tiny-run.ts';

let studio: LaunchedStudio;
let end: () => Watched;
beforeAll(async () => {
  studio = await launchStudio();
  end = watchSockets(studio.process.pid ?? NaN);
});
afterAll(() => studio.quit());

test('a run, an answer of its adapter, and its merge', async () => {
  const { page, home } = studio;
  const { id } = await startRun(studio, tinyRun(home, 20));
  const find = async () =>
    (await invoke(page, 'runs.list', undefined)).find((run) => run.id === id);
  await expect.poll(async () => (await find())?.state, { timeout: 90_000 }).toBe('finished');
  const adapterId = (await find())?.adapterId ?? NaN;
  const asked = { prompt: 'say 3', maxNewTokens: 4, temperature: 0 };
  await invoke(page, 'adapters.try', { id: adapterId, ...asked });
  const { passed } = await invoke(page, 'exports.write', {
    ...{ adapterId, to: 'huggingface', type: null, output: `${home}/exports/merged` },
    ...{ otherBase: false, mergeBase: null, force: false },
  });
  expect(passed).toBe(true);
  const { outside, processes, looks } = end();
  expect(outside).toEqual([]);
  // Main, the page, Chromium's own network process, and both engines.
  expect(processes.join('\n')).toMatch(/--type=renderer/);
  expect(processes.join('\n')).toMatch(/network\.mojom\.NetworkService/);
  expect(processes.filter((each) => each.includes('node.mojom.NodeService'))).toHaveLength(2);
  expect(looks).toBeGreaterThan(20);
});
