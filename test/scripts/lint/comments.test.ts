/** oxlint can be told to leave out ESLint's comments that switch rules off, but not its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { project } from '../../../scripts/lib/project.ts';

const switchesOff = new RegExp(['oxlint', '(dis|en)able'].join('-'));

test('no comment switches a rule of oxlint off', () => {
  const inFolders = ['src', 'scripts', 'test', 'bench'].flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  );
  const sources = [...readdirSync(project), ...inFolders].filter((name) => name.endsWith('.ts'));
  expect(sources.length).toBeGreaterThan(1000);
  const found = sources.filter((name) =>
    switchesOff.test(readFileSync(join(project, name), 'utf8')),
  );
  expect(found).toEqual([]);
});
