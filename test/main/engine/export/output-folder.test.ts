/** Output folders: whole or not at all, whatever goes wrong. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  checkOutputFolder,
  withOutputFolder,
} from '../../../../src/main/engine/export/output-folder.ts';
import { problemOf, temporaryFolder } from '../checkpoint/fixtures.ts';

test('the folder appears when it is finished, and only then', async () => {
  const parent = temporaryFolder();
  const path = join(parent, 'a/b/out');
  const result = await withOutputFolder(path, async (temporary) => {
    await writeFile(join(temporary, 'x'), '1');
    expect(existsSync(path)).toBe(false);
    return 5;
  });
  expect(result).toBe(5);
  expect(readdirSync(path)).toEqual(['x']);
  expect(readdirSync(join(parent, 'a/b'))).toEqual(['out']);
});

test('a check finds a folder that cannot be made, and leaves nothing behind', async () => {
  if (existsSync('/proc/self')) {
    const problem = await problemOf(() => checkOutputFolder('/proc/lorikeet/out'));
    expect(problem).toMatchObject({ code: 'output/not-writable' });
  }
  const parent = temporaryFolder();
  await checkOutputFolder(join(parent, 'a/b/out'));
  expect(readdirSync(parent)).toEqual([]);
});

test('an empty folder may be there already', async () => {
  const path = join(temporaryFolder(), 'out');
  mkdirSync(path);
  await withOutputFolder(path, (temporary) => writeFile(join(temporary, 'x'), '1'));
  expect(readdirSync(path)).toEqual(['x']);
});

test('a folder with something in it is left alone', async () => {
  const path = temporaryFolder();
  writeFileSync(join(path, 'mine'), '1');
  const problem = await problemOf(() => withOutputFolder(path, neverCalled));
  expect(problem).toMatchObject({ code: 'output/not-empty', where: path });
  expect(readdirSync(path)).toEqual(['mine']);
});

test('one that was filled while writing is left alone, too', async () => {
  const parent = temporaryFolder();
  const path = join(parent, 'out');
  const problem = await problemOf(() =>
    withOutputFolder(path, async (temporary) => {
      await writeFile(join(temporary, 'x'), '1');
      mkdirSync(path);
      writeFileSync(join(path, 'mine'), '1');
    }),
  );
  expect(problem.code).toBe('output/not-empty');
  expect(readdirSync(path)).toEqual(['mine']);
  expect(readdirSync(parent)).toEqual(['out']);
});

test('a failure leaves nothing, also not the folders on the way', async () => {
  const parent = temporaryFolder();
  await expect(
    withOutputFolder(join(parent, 'a/b/out'), async (temporary) => {
      await writeFile(join(temporary, 'x'), '1');
      throw new TypeError('on purpose');
    }),
  ).rejects.toThrow(TypeError);
  expect(readdirSync(parent)).toEqual([]);
});

test('a file where a folder should be', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '1');
  for (const path of [file, join(file, 'out')]) {
    const problem = await problemOf(() => withOutputFolder(path, neverCalled));
    expect(problem).toMatchObject({ code: 'output/not-writable', where: path });
    expect(problem.what).toContain('a file is where a folder should be');
  }
});

// Root may write everywhere.
test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'a folder that may not be written',
  async () => {
    const parent = temporaryFolder();
    const locked = join(parent, 'locked');
    mkdirSync(locked, { mode: 0o500 });
    const problem = await problemOf(() => withOutputFolder(join(locked, 'out'), neverCalled));
    expect(problem.code).toBe('output/not-writable');
  },
);

describe('a full disk', () => {
  test.skipIf(!existsSync('/dev/full'))('is told from other errors', async () => {
    const parent = temporaryFolder();
    const path = join(parent, 'out');
    const problem = await problemOf(() =>
      withOutputFolder(path, async (temporary) => {
        await writeFile(join(temporary, 'x'), '1');
        const full = await open('/dev/full', 'w');
        try {
          await full.write('1');
        } finally {
          await full.close();
        }
      }),
    );
    expect(problem).toMatchObject({ code: 'output/disk-full', where: path });
    expect(readdirSync(parent)).toEqual([]);
  });

  test('leaves the disk as it was', async (context) => {
    const disk = join(temporaryFolder(), 'disk');
    mkdirSync(disk);
    if (!mounted(disk)) {
      context.skip('only root may mount a small disk');
      return;
    }
    onTestFinished(() => {
      execFileSync('umount', [disk]);
      rmdirSync(disk);
    });
    const problem = await problemOf(() =>
      withOutputFolder(join(disk, 'out'), async (temporary) => {
        await writeFile(join(temporary, 'small'), Buffer.alloc(1 << 16));
        await writeFile(join(temporary, 'large'), Buffer.alloc(4 << 20));
      }),
    );
    expect(problem.code).toBe('output/disk-full');
    expect(readdirSync(disk)).toEqual([]);
  });
});

/** Mounts one megabyte of memory as a disk; false where that is not allowed. */
function mounted(folder: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function neverCalled(): Promise<never> {
  throw new Error('nothing may be written');
}
