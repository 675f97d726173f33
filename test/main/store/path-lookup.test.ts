/** A path is known wherever the store names it, in what is written after the lookup was opened as well; nothing else is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore, type Store } from '../../../src/main/store/database.ts';
import { PathLookup } from '../../../src/main/store/path-lookup.ts';
import { exportedOrigin } from '../../support/sample-origins.ts';
import { smallConfig } from '../small-config.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-lookup-'));
const path = join(root, 'lorikeet.db');
let store: Store;
let lookup: PathLookup;
beforeAll(() => {
  store = openStore(path);
  lookup = new PathLookup(path);
});
afterAll(() => {
  lookup.close();
  store.close();
  rmSync(root, { recursive: true });
});

test('of data files, adapters with their bases, exports and runs', () => {
  const validation = { kind: 'file', path: '/data/held-out.jsonl' } as const;
  const named = {
    dataset: '/data/of-the-library.jsonl',
    adapter: '/adapters/one',
    base: '/models/of-an-adapter.gguf',
    exported: '/exports/merged',
    output: '/adapters/1-small',
    ofRuns: ['/models/small.gguf', '/data/small.jsonl', validation.path, '/adapters/first'],
  };
  const all = Object.values(named).flat();
  expect(all.filter((each) => lookup.has(each))).toEqual([]);
  store.datasets.put({ name: 'd', path: named.dataset, examples: 1, addedAt: 1 });
  store.adapters.add({
    ...{ name: 'a', path: named.adapter, runId: null, labels: null, model: named.base },
    ...{ rank: 8, alpha: 16, parameters: 1, base: null, createdAt: 1, origin: null },
  });
  store.exports.add(named.exported, exportedOrigin([]));
  store.runs.create(
    { ...smallConfig(), validation, fromAdapter: '/adapters/first' },
    () => named.output,
  );
  expect(all.filter((each) => !lookup.has(each))).toEqual([]);
  for (const near of ['/data', '/data/small', '/data/small.jsonl/', '/adapters', '%', ''])
    expect(lookup.has(near)).toBe(false);
});
