/** A fixture is not older than the script that made it: its record knows the script, and all that it imports, as they are now. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fixturePath, readFixture } from '../main/engine/parity/fixtures.ts';

const record = z.object({ command: z.string(), makers: z.record(z.string(), z.string()) });
const records = globSync('**/provenance.json', { cwd: fixturePath('.') });

/** Records what is written, and has no part in the numbers. */
const recorder = 'provenance.py';

/** The script and the modules beside it that it imports, and what those import. */
function makersOf(script: string, found = new Map<string, string>()): Map<string, string> {
  const path = join(import.meta.dirname, script);
  if (script === recorder || found.has(script) || !existsSync(path)) return found;
  const text = readFileSync(path, 'utf8');
  found.set(script, createHash('sha256').update(text).digest('hex'));
  for (const [, module = ''] of text.matchAll(/^(?:from|import) (\w+)/gm)) {
    makersOf(`${module}.py`, found);
  }
  return found;
}

test('there are records', () => {
  expect(records.length).toBeGreaterThan(30);
});

test.each(records)('%s', (path) => {
  const { command, makers } = readFixture(path, record);
  const script = command.replace('python test/oracle/', '');
  const help = `make these fixtures anew, and see what changes in them: ${command}`;
  expect(Object.entries(makers).sort(), help).toEqual([...makersOf(script)].sort());
});
