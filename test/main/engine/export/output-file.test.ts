/** Output files: whole or not at all, and nothing is overwritten. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkOutputFile, withOutputFile } from '../../../../src/main/engine/export/output-file.ts';
import { smallDisk } from '../../../support/small-disk.ts';
import { problemOf, temporaryFolder } from '../checkpoint/fixtures.ts';

test('the file appears when it is finished, and only then', async () => {
  const parent = temporaryFolder();
  const path = join(parent, 'a/model.gguf');
  const placed = await withOutputFile(path, async (temporary) => {
    await writeFile(temporary, 'x');
    expect(existsSync(path)).toBe(false);
    return 5;
  });
  expect(placed).toEqual({ path, result: 5, moved: null });
  expect(readdirSync(join(parent, 'a'))).toEqual(['model.gguf']);
});

test('a file that came to be meanwhile is left alone', async () => {
  const path = join(temporaryFolder(), 'model.gguf');
  const placed = await withOutputFile(path, async (temporary) => {
    await writeFile(temporary, 'ours');
    writeFileSync(path, 'theirs');
  });
  expect(placed.path).toBe(path.replace('.gguf', '-2.gguf'));
  expect(placed.moved?.code).toBe('output/exists');
  expect([readFileSync(path, 'utf8'), readFileSync(placed.path, 'utf8')]).toEqual([
    'theirs',
    'ours',
  ]);
});

test('a failure leaves nothing, not even folders on the way', async () => {
  const parent = temporaryFolder();
  const path = join(parent, 'a/b/model.gguf');
  const failing = withOutputFile(path, async (temporary) => {
    await writeFile(temporary, 'half');
    throw new Error('stopped');
  });
  await expect(failing).rejects.toThrow('stopped');
  expect(readdirSync(parent)).toEqual([]);
});

test('what is there is refused before any work', async () => {
  const path = join(temporaryFolder(), 'model.gguf');
  writeFileSync(path, '');
  expect((await problemOf(() => checkOutputFile(path))).code).toBe('output/exists');
  const written = withOutputFile(path, () => Promise.reject(new Error('was asked to write')));
  expect((await problemOf(() => written)).code).toBe('output/exists');
});

test('a full disk is told, with what is needed, and nothing stays', async () => {
  const disk = join(temporaryFolder(), 'disk');
  const unmount = smallDisk(disk, '64k');
  if (unmount === null) return;
  onTestFinished(unmount);
  const path = join(disk, 'model.gguf');
  const write = (temporary: string) => writeFile(temporary, Buffer.alloc(1 << 20));
  const problem = await problemOf(() => withOutputFile(path, write, 1 << 20));
  expect(problem.code).toBe('output/disk-full');
  expect(readdirSync(disk)).toEqual([]);
});
