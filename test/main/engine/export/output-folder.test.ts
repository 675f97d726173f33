/** Output folders: whole or not at all, whatever goes wrong. */
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  checkOutputFolder,
  checkRoomInName,
  checkRoom,
  keepInFolder,
  withOutputFolder,
} from '../../../../src/main/engine/export/output-folder.ts';
import { smallDisk } from '../../../support/small-disk.ts';
import { problemOf, temporaryFolder } from '../checkpoint/fixtures.ts';

test('the folder appears when it is finished, and only then', async () => {
  const parent = temporaryFolder();
  const path = join(parent, 'a/b/out');
  const { result, moved } = await withOutputFolder(path, async (temporary) => {
    await writeFile(join(temporary, 'x'), '1');
    expect(existsSync(path)).toBe(false);
    return 5;
  });
  expect([result, moved]).toEqual([5, null]);
  expect(readdirSync(path)).toEqual(['x']);
  expect(readdirSync(join(parent, 'a/b'))).toEqual(['out']);
});

test('a check finds a folder that cannot be made, and leaves nothing behind', async () => {
  if (existsSync('/proc/self')) {
    const problem = await problemOf(() => checkOutputFolder('/proc/lorikeet/out'));
    expect(problem).toMatchObject({ code: 'output/not-writable', where: '/proc/lorikeet/out' });
  }
  const parent = temporaryFolder();
  await checkOutputFolder(join(parent, 'a/b/out'));
  expect(readdirSync(parent)).toEqual([]);
});

test('a name beside which another has no place is refused with what it is too long by', async () => {
  const parent = temporaryFolder();
  await checkRoomInName(join(parent, 'é'.repeat(120)), '.checkpoints');
  const path = join(parent, 'é'.repeat(122));
  const problem = await problemOf(() => checkRoomInName(path, '.checkpoints'));
  expect(problem).toMatchObject({ code: 'output/not-writable', where: path });
  expect(problem.what).toContain('too long by 1 byte: beside it lies');
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

test('one that holds the same already is taken for the result', async () => {
  const path = join(temporaryFolder(), 'out');
  mkdirSync(path);
  writeFileSync(join(path, 'x'), '1');
  const write = (content: string) => (temporary: string) =>
    writeFile(join(temporary, 'x'), content);
  const isSame = async (there: string, made: string) =>
    (await readFile(join(there, 'x'), 'utf8')) === (await readFile(join(made, 'x'), 'utf8'));
  expect(await keepInFolder(path, [], write('1'), isSame)).toMatchObject({ path, moved: null });
  expect(await keepInFolder(path, [], write('2'), isSame)).toMatchObject({ path: `${path}-2` });
  expect(await keepInFolder(path, [], write('2'), isSame)).toMatchObject({ path: `${path}-2` });
  expect(readdirSync(join(path, '..')).sort()).toEqual(['out', 'out-2']);
});

test('one that was filled while writing is left alone, too, and the work takes a free name beside it', async () => {
  const parent = temporaryFolder();
  const path = join(parent, 'out');
  mkdirSync(`${path}-2`);
  const placed = await withOutputFolder(path, async (temporary) => {
    await writeFile(join(temporary, 'x'), '1');
    mkdirSync(path);
    writeFileSync(join(path, 'mine'), '1');
    return 5;
  });
  expect(placed).toMatchObject({ path: `${path}-3`, result: 5, moved: { where: path } });
  expect(placed.moved?.code).toBe('output/not-empty');
  expect(readdirSync(path)).toEqual(['mine']);
  expect(readdirSync(`${path}-2`)).toEqual([]);
  expect(readdirSync(`${path}-3`)).toEqual(['x']);
  expect(readdirSync(parent).sort()).toEqual(['out', 'out-2', 'out-3']);
});

test('a file that took the place meanwhile is left alone as well', async () => {
  const path = join(temporaryFolder(), 'out');
  const placed = await withOutputFolder(path, async (temporary) => {
    await writeFile(join(temporary, 'x'), '1');
    writeFileSync(path, 'mine');
  });
  expect(placed.path).toBe(`${path}-2`);
  expect(readdirSync(`${path}-2`)).toEqual(['x']);
});

describe('work that cannot be done again', () => {
  /** Fails as a full disk does in every folder but those in `free`. */
  const onlyIn = (free: string) => async (temporary: string) => {
    await writeFile(join(temporary, 'x'), '1');
    if (!temporary.startsWith(free)) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  };

  test('goes to the first other place that takes it', async () => {
    const [full, alsoFull, free] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const rescue = [join(alsoFull, 'out'), join(free, 'a/out')];
    const placed = await keepInFolder(join(full, 'out'), rescue, onlyIn(free));
    expect(placed).toMatchObject({
      path: join(free, 'a/out'),
      moved: { code: 'output/disk-full' },
    });
    expect(readdirSync(join(free, 'a/out'))).toEqual(['x']);
    expect([...readdirSync(full), ...readdirSync(alsoFull)]).toEqual([]);
  });

  test('stays where it was to go if that takes it, also when that is filled already', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'out');
    const first = await keepInFolder(path, ['/dev/null/out'], onlyIn(folder));
    expect(first).toMatchObject({ path, moved: null });
    const second = await keepInFolder(path, ['/dev/null/out'], onlyIn(folder));
    expect(second).toMatchObject({ path: `${path}-2`, moved: { code: 'output/not-empty' } });
  });

  test('fails with what is wrong at the place that was asked for', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'out');
    const problem = await problemOf(() => keepInFolder(path, ['/dev/null/out'], onlyIn('/none')));
    expect(problem).toMatchObject({ code: 'output/disk-full', where: path });
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('a disk with too little room is told with both sizes before anything is written', async () => {
  const folder = temporaryFolder();
  await checkRoom(join(folder, 'a/b/out'), 1);
  const problem = await problemOf(() => checkRoom(join(folder, 'a/b/out'), 1e18));
  expect(problem.code).toBe('output/disk-full');
  expect(problem.what).toMatch(/ MB free.* 1000000000000 MB/);
  expect(readdirSync(folder)).toEqual([]);
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
    const unmount = smallDisk(disk, '1m');
    if (unmount === null) {
      context.skip('only root may mount a small disk');
      return;
    }
    onTestFinished(unmount);
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

function neverCalled(): Promise<never> {
  throw new Error('nothing may be written');
}

test.each(['to an empty folder', 'to none'])('a link %s: the folder it leads to', async (kind) => {
  const parent = temporaryFolder();
  const [path, link] = [join(parent, 'disk/out'), join(parent, 'link')];
  mkdirSync(join(parent, 'disk'));
  if (kind === 'to an empty folder') mkdirSync(path);
  symlinkSync(path, link);
  const write = (temporary: string) => writeFile(join(temporary, 'x'), '1');
  expect(await withOutputFolder(link, write)).toMatchObject({ path, moved: null });
  expect(readdirSync(link)).toEqual(['x']);
  expect(readdirSync(parent).sort()).toEqual(['disk', 'link']);
});
