/** Fingerprints are those of sha256sum, and are remembered exactly as long as a file is what it was. */
import { createHash } from 'node:crypto';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recall, remember, stateOf } from '../../../../src/main/engine/origin/fingerprint-cache.ts';
import { fingerprintOf } from '../../../../src/main/engine/origin/fingerprint.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

const place = () => {
  const folder = temporaryFolder();
  return { path: join(folder, 'file'), cache: join(folder, 'cache', 'fingerprints.json') };
};
function stateAt(path: string) {
  const state = stateOf(path);
  if (state === null) throw new Error('the file is there');
  return state;
}
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

test('a file of several pieces has the sha256 of all its bytes', async () => {
  const { path, cache } = place();
  const bytes = new Uint8Array((8 << 20) + 3).map((_, i) => i * i);
  writeFileSync(path, bytes);
  const pieces: number[] = [];
  const onBytes = (count: number) => pieces.push(count);
  const expected = { path, sha256: sha256(bytes), bytes: bytes.length };
  expect(await fingerprintOf(path, { cache, onBytes })).toEqual(expected);
  expect(pieces).toEqual([8 << 20, 3]);
  writeFileSync(path, '');
  expect(await fingerprintOf(path, { cache })).toEqual({ path, sha256: sha256(''), bytes: 0 });
});

test('what was read is not read again', async () => {
  const { cache } = place();
  // Not written just now: see below.
  const path = fixturePath('models/tiny-tied/config.json');
  const read: number[] = [];
  const again = () => fingerprintOf(path, { cache, onBytes: (bytes) => read.push(bytes) });
  const first = await again();
  expect(first.sha256).toBe(sha256(readFileSync(path)));
  expect(await again()).toEqual(first);
  expect(read).toEqual([first.bytes]);
});

test('a file that changed is not what is remembered, its time put back or not', () => {
  const { path, cache } = place();
  writeFileSync(path, 'one');
  utimesSync(path, 1, 1);
  const state = stateAt(path);
  remember(state, 'hash of one', state.changedAtMs + 10_000, cache);
  expect(recall(stateAt(path), cache)).toBe('hash of one');
  writeFileSync(path, 'two');
  utimesSync(path, 1, 1);
  expect(recall(stateAt(path), cache)).toBe(null);
});

test('a file that was written just now is read again', async () => {
  const { path, cache } = place();
  writeFileSync(path, 'new');
  let read = 0;
  for (let i = 0; i < 2; i += 1) await fingerprintOf(path, { cache, onBytes: () => (read += 1) });
  expect(read).toBe(2);
});

test('a damaged cache counts as empty, and a full one drops its oldest entry', () => {
  const { path, cache } = place();
  writeFileSync(path, 'x');
  const state = stateAt(path);
  const later = state.changedAtMs + 10_000;
  remember(state, 'a', later, cache);
  expect(recall(state, cache)).toBe('a');
  for (let i = 0; i < 256; i += 1) remember({ ...state, path: `/${i}` }, 'b', later, cache);
  expect(recall(state, cache)).toBe(null);
  expect(recall({ ...state, path: '/0' }, cache)).toBe('b');
  writeFileSync(cache, '{"half');
  expect(recall({ ...state, path: '/0' }, cache)).toBe(null);
  remember(state, 'c', later, cache);
  expect(recall(state, cache)).toBe('c');
});

test('reading ends when it is not wanted any more, and a missing file is named', async () => {
  const { path, cache } = place();
  await expect(fingerprintOf(path, { cache })).rejects.toMatchObject({
    code: 'checkpoint/unreadable',
  });
  writeFileSync(path, 'x');
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(fingerprintOf(path, { cache, signal })).rejects.toThrow('enough');
});
