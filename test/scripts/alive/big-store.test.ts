/** The store that is measured is one that the studio reads. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeBigStore } from '../../../scripts/alive/big-store.ts';
import { openStore } from '../../../src/main/store/database.ts';
import { smallConfig } from '../../main/small-config.ts';

const home = mkdtempSync(join(tmpdir(), 'lorikeet-big-'));
afterAll(() => {
  rmSync(home, { recursive: true });
});

test('its runs are found and its long run has all its steps', async () => {
  const long = makeBigStore(home, smallConfig(), { runs: 12, steps: 300 });
  const store = openStore(join(home, 'lorikeet.db'));
  const filter = { search: 'run', states: [], begun: true };
  expect(store.runs.page(filter, 0, 5)).toMatchObject({
    runs: [{ id: long }, {}, {}, {}, {}],
    total: 12,
  });
  expect((await store.metrics.columns(long)).step).toHaveLength(300);
  expect(store.runs.get(1)).toMatchObject({ name: 'run 1', state: 'finished', step: 20 });
  store.close();
});
