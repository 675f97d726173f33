/** Errors of the operating system reach a person in words, with the path. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { toProblem } from '../../src/shared/errors/lorikeet-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorikeet-reasons-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const at = (name: string) => join(folder, name);
writeFileSync(at('file'), '');
mkdirSync(at('folder'));
symlinkSync('circle', at('circle'));

test.each([
  [() => writeFileSync(at('folder'), ''), 'folder', 'it is a folder, not a file'],
  [() => readFileSync(at('file/more')), 'file/more', 'a file is where a folder should be'],
  [() => mkdirSync(at('file'), { recursive: true }), 'file', 'something of this name is there already'],
  [() => readFileSync(at('circle')), 'circle', 'its links lead in a circle'],
  [() => readFileSync(at('none')), 'none', 'there is nothing of this name'],
  [() => readFileSync(at('x'.repeat(300))), 'x'.repeat(300), 'its name is too long'],
  [() => writeFileSync('/dev/full', 'x'), null, 'the disk is full'],
])('%s', (work, name, reason) => {
  try {
    work();
    expect.unreachable('nothing was thrown');
  } catch (thrown) {
    const problem = toProblem(thrown);
    expect(problem.code).toBe('output/file-failed');
    expect(problem.what).toContain(reason);
    if (name !== null) expect(problem).toMatchObject({ code: 'output/file-failed', where: at(name) });
  }
});

test('what is no error of a file stays what nobody expected', () => {
  expect(toProblem(new RangeError('no'))).toMatchObject({ code: 'internal/unexpected' });
});

test.skipIf(process.platform === 'win32')('a file that outgrows the limit of the shell', () => {
  const program = `
    import { writeFileSync } from 'node:fs';
    import { toProblem } from '${new URL('../../src/shared/errors/lorikeet-error.ts', import.meta.url).href}';
    try {
      writeFileSync(process.argv[1], new Uint8Array(1e5));
    } catch (thrown) {
      console.log(toProblem(thrown).what);
    }`;
  const node = [process.execPath, '--input-type=module', '-e', program, at('large')];
  const args = ['-c', 'ulimit -f 16 && exec "$0" "$@"', ...node];
  expect(execFileSync('sh', args, { encoding: 'utf8' })).toMatch(/may not become so large.*ulimit -f/);
});
