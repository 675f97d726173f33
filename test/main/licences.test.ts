/** The list of what Lorikeet is made of, from files as the build and the packages leave them. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { licencesOf } from '../../src/main/licences.ts';

const app = mkdtempSync(join(tmpdir(), 'lorikeet-licences-'));
const runtime = join(app, 'runtime');
const program = join(app, 'electron');
const versions = { electron: '45.4.1', tensorflow: '2.21.0' };

beforeAll(() => {
  const put = (part: string, list: unknown) => {
    mkdirSync(join(app, 'out', part), { recursive: true });
    writeFileSync(join(app, 'out', part, 'licences.json'), JSON.stringify(list));
  };
  const zod = { name: 'zod', version: '4.6.7', identifier: 'MIT', text: 'as is' };
  put('main', [zod]);
  put('renderer', [zod, { name: 'svelte', version: '5.57.3' }]);
  mkdirSync(join(runtime, 'tensorflow/include'), { recursive: true });
  writeFileSync(join(runtime, 'tensorflow/include/LICENSE'), 'Apache License');
  writeFileSync(join(runtime, 'tensorflow/THIRD_PARTY_NOTICES.txt'), 'of others');
  mkdirSync(join(app, 'node_modules'));
  const installed = new URL('../../node_modules/better-sqlite3', import.meta.url).pathname;
  symlinkSync(installed, join(app, 'node_modules/better-sqlite3'));
});
afterAll(() => {
  rmSync(app, { recursive: true });
});

test('each part once, in order, with its terms or the file that has them', async () => {
  const all = await licencesOf({ app, program, runtime, versions });
  expect(all.map(({ name, terms }) => [name, terms])).toEqual([
    ['better-sqlite3', 'MIT'],
    ['Electron', 'MIT'],
    ['svelte', null],
    ['TensorFlow', 'Apache-2.0'],
    ['zod', 'MIT'],
  ]);
  const of = (name: string) => all.find((each) => each.name === name);
  expect(of('better-sqlite3')?.text).toContain('Permission is hereby granted');
  expect(of('TensorFlow')).toMatchObject({
    ...{ version: '2.21.0', text: 'Apache License' },
    file: join(runtime, 'tensorflow/THIRD_PARTY_NOTICES.txt'),
  });
  expect(of('Electron')).toMatchObject({ version: '45.4.1', text: null, file: null });
});

test('a studio that was not built tells what is there', async () => {
  const nowhere = join(app, 'nowhere');
  const all = await licencesOf({ app: nowhere, program, runtime, versions });
  expect(all.map(({ name }) => name)).toEqual(['Electron', 'TensorFlow']);
});
