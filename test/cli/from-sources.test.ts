/** Where the studio was not built, or from other sources, the command line runs from its own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { programFiles } from '../../scripts/lib/program-files.ts';
import { temporaryFolder } from '../main/engine/checkpoint/fixtures.ts';
import { fixturePath } from '../main/engine/parity/fixtures.ts';
import { startCli } from './run-cli.ts';

test('from the sources it computes what it computes as it is built', async () => {
  const folder = temporaryFolder();
  const logits = async (name: string, entry?: string) => {
    const output = join(folder, name);
    const asked = ['--tokens', '1,2,3', '--output', output, '--precision', 'float32'];
    const model = fixturePath('models/tiny-tied');
    const running = startCli(folder, ['logits', '--model', model, ...asked], entry);
    const { code, stderr } = await running.finished;
    expect(code, stderr).toBe(0);
    return readFileSync(output);
  };
  const built = await logits('built.safetensors');
  expect(await logits('sources.safetensors', programFiles(false).commandLine)).toEqual(built);
});
