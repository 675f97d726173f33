/** A native module is compiled anew when its recipe is another, and when the module is not the one that was compiled. */
import {
  copyFileSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { compiled, nodeApiHeaders } from '../../../scripts/setup/compiled.ts';
import { runtimeFolder } from '../../../scripts/setup/tensorflow.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-compiled-'));
  vi.stubEnv('LORIKEET_CACHE', folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A module without a call. */
function step(recipe: string) {
  const source = join(folder, 'nothing.cc');
  writeFileSync(
    source,
    `// ${recipe}\n#include <node_api.h>\nNAPI_MODULE_INIT() { (void)env; return exports; }\n`,
  );
  return compiled({
    name: 'nothing',
    file: 'nothing',
    takes: '1 s',
    recipe: () => [recipe],
    args: () => ['-fPIC', '-shared', '-DNAPI_VERSION=8', `-I${nodeApiHeaders}`, source],
  });
}

const quiet = () => undefined;

test('it is done once it ran, for its recipe only', async () => {
  expect(step('first').done()).toBe(false);
  await step('first').run(quiet);
  expect(step('first').done()).toBe(true);
  expect(step('second').done()).toBe(false);
});

test('a module that another compilation put there is not taken for its own', async () => {
  await step('first').run(quiet);
  const module = join(runtimeFolder(), 'nothing.node');
  const other = join(folder, 'other.node');
  copyFileSync(module, other);
  writeFileSync(other, 'of another checkout', { flag: 'a' });
  renameSync(other, module);
  expect(step('first').done()).toBe(false);
  await step('first').run(quiet);
  expect(step('first').done()).toBe(true);
  expect(readFileSync(module, 'latin1')).not.toContain('of another checkout');
});

test('a stamp that is linked from elsewhere is replaced, not written through', async () => {
  await step('first').run(quiet);
  const stamp = join(runtimeFolder(), 'nothing.recipe');
  const before = readFileSync(stamp, 'utf8');
  linkSync(stamp, join(folder, 'copy'));
  await step('second').run(quiet);
  expect(readFileSync(join(folder, 'copy'), 'utf8')).toBe(before);
});
