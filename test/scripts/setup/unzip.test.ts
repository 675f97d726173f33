/** Only the wanted members leave the archive, and programs stay executable. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('unzips by prefix', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-unzip-'));
  mkdirSync(join(folder, 'in/lib'), { recursive: true });
  writeFileSync(join(folder, 'in/lib/program'), '#!/bin/sh\n');
  chmodSync(join(folder, 'in/lib/program'), 0o755);
  writeFileSync(join(folder, 'in/lib/text'), 'text');
  writeFileSync(join(folder, 'in/other'), 'other');
  const make = 'import shutil, sys; shutil.make_archive(sys.argv[1], "zip", sys.argv[2])';
  execFileSync('python3', ['-c', make, join(folder, 'archive'), join(folder, 'in')]);
  const out = join(folder, 'out');
  execFileSync('python3', ['scripts/setup/unzip.py', join(folder, 'archive.zip'), out, 'lib/']);
  expect(readdirSync(out)).toEqual(['lib']);
  expect(readdirSync(join(out, 'lib')).sort()).toEqual(['program', 'text']);
  expect(statSync(join(out, 'lib/program')).mode & 0o777).toBe(0o755);
  rmSync(folder, { recursive: true });
});
