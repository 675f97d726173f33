/** Makes the folder in which the tests of a run share what XLA has compiled: see vitest.config.ts. */
import { mkdirSync } from 'node:fs';

export function setup({ config }: { config: { env: Partial<Record<string, string>> } }): void {
  const folder = config.env['LORIKEET_TEST_PROGRAMS'];
  if (folder === undefined) throw new Error('vitest.config.ts names no folder for XLA');
  mkdirSync(folder, { recursive: true });
}
