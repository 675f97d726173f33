/** What `npm run fuzz` finds: readers that misbehave in a process that really does. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Watch } from '../../../scripts/fuzz/watch.ts';
import { bounds, here, type Way, written } from './bad-readers.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorikeet-watch-'));
const watch = new Watch(1, folder, { program: here, ...bounds });
afterAll(() => {
  watch.end();
  rmSync(written, { force: true });
  rmSync(folder, { recursive: true });
});

const sound = new Map([['read', 3]]);

test.each<[Way, RegExp]>([
  ['fails', /^! TypeError: none of ours\n/],
  ['ends', /^! it ended with 7: /],
  ['is slow', /^it takes \d+ ms \(read\)$/],
  ['hangs', /^! it does not end$/],
  ['takes memory', /^it takes \d+ MiB for 7 bytes \(read\)$/],
  ['writes elsewhere', /^! Error: Access to this API has been restricted/],
])('a reader that %s is found, and others are read after it', async (way, what) => {
  const { findings } = await watch.read({ reader: way, first: 5, end: 6 });
  expect(findings).toEqual([
    { reader: way, index: 5, what: expect.stringMatching(what) as unknown },
  ]);
  const after = await watch.read({ reader: 'reads', first: 0, end: 3 });
  expect(after).toEqual({ outcomes: sound, findings: [] });
  expect(existsSync(written)).toBe(false);
});

test('what is found of one input is found of those behind it as well', async () => {
  const { outcomes, findings } = await watch.read({ reader: 'ends', first: 0, end: 2 });
  expect(outcomes).toEqual(new Map([['fault', 2]]));
  expect(findings.map(({ index }) => index)).toEqual([0, 1]);
});

test('an error of ours is no finding', async () => {
  const { outcomes, findings } = await watch.read({ reader: 'refuses', first: 0, end: 2 });
  expect(outcomes).toEqual(new Map([['studio/not-found', 2]]));
  expect(findings).toEqual([]);
});
