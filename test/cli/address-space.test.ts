/** The program as people start it, under a limit of address space (`ulimit -v`). */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixturePath } from '../main/engine/parity/fixtures.ts';
import { shortRun } from './short-run.ts';

const program = fileURLToPath(new URL('../../bin/lorikeet', import.meta.url));
let folder = '';
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-addresses-'));
  writeFileSync(at('data.jsonl'), '{"prompt":"name a colour","completion":"blue"}\n');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function trainUnder(kibibytes: number) {
  const files = ['--model', fixturePath('models/tiny-untied'), '--data', at('data.jsonl')];
  const size = [...shortRun(2), '--json'];
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
  const limited = `ulimit -v ${kibibytes}; exec "$0" "$@"`;
  return spawnSync(
    '/bin/sh',
    ['-c', limited, program, 'train', ...files, '--output', at(String(kibibytes)), ...size],
    { encoding: 'utf8', env: { ...process.env, PATH, LORIKEET_HOME: at('home') } },
  );
}

test.skipIf(process.platform !== 'linux')(
  'what does not hold the engine is refused with the number, before anything is loaded',
  () => {
    const { status, stderr } = trainUnder(3_000_000);
    expect(status, stderr).toBe(1);
    expect(stderr).toMatch(/engine\/no-address-space.*address space leaves/);
    expect(stderr).not.toMatch(/FATAL|heap/);
  },
);

test.skipIf(process.platform !== 'linux')(
  'what holds it does: Node reserves no more than it needs',
  () => {
    const { status, stderr } = trainUnder(8_000_000);
    expect(status, stderr).toBe(0);
    expect(existsSync(join(at('8000000'), 'adapter_model.safetensors'))).toBe(true);
  },
);
