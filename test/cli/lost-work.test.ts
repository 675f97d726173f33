/** Work that was done is there at the end, whatever happened meanwhile: to the output folder, the terminal, the pipe, the disk. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { adapterSource } from '../../src/cli/model-options.ts';
import { readMessages } from '../../src/cli/messages.ts';
import { smallDisk } from '../support/small-disk.ts';
import { fixturePath } from '../main/engine/parity/fixtures.ts';
import { jsonLines, runCli, startCli, type Running } from './run-cli.ts';
import { shortRun } from './short-run.ts';

const model = fixturePath('models/tiny-untied');
const end = z.looseObject({ done: z.literal(true), stopped: z.boolean(), adapter: z.string() });
let folder = '';
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-lost-'));
  writeFileSync(at('data.jsonl'), '{"prompt":"name a colour","completion":"blue"}\n');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function train(output: string, steps: number): Running {
  const files = ['--model', model, '--data', at('data.jsonl'), '--output', output];
  const size = shortRun(steps);
  return startCli(at('home'), ['train', ...files, ...size, '--json']);
}

/** What was printed last, which is the end of the run. */
const endOf = (stdout: string) => end.parse(jsonLines(stdout).at(-1));
const hasAdapter = (path: string) => existsSync(join(path, 'adapter_model.safetensors'));

/** Does something once the first step was told. */
function atFirstStep(run: Running, act: () => void): void {
  let done = false;
  run.onLine((line) => {
    if (done || !line.startsWith('{"step"')) return;
    done = true;
    act();
  });
}

test('no room for the checkpoint to pause with: the adapter is written, and the exit code says that it did not pause', async () => {
  const output = at('no-checkpoint');
  const run = train(output, 10_000);
  atFirstStep(run, () => {
    writeFileSync(`${output}.checkpoints`, 'in its way');
    run.process.kill('SIGTERM');
  });
  const { code, stdout, stderr } = await run.finished;
  expect(endOf(stdout)).toMatchObject({ stopped: true, adapter: output });
  expect(hasAdapter(output)).toBe(true);
  expect(code).toBe(130);
  expect(stderr).toContain('could not be written');
  expect(stderr).toContain('It was to pause and kept no checkpoint');
});

test('a folder that was filled meanwhile: the adapter lies beside it', async () => {
  const run = train(at('filled'), 100);
  atFirstStep(run, () => {
    mkdirSync(at('filled'), { recursive: true });
    writeFileSync(join(at('filled'), 'note.txt'), 'mine');
  });
  const { code, stdout, stderr } = await run.finished;
  expect(code, stderr).toBe(0);
  expect(endOf(stdout).adapter).toBe(at('filled-2'));
  expect(hasAdapter(at('filled-2'))).toBe(true);
  expect(readdirSync(at('filled'))).toEqual(['note.txt']);
  expect(stderr).toContain(at('filled-2'));
});

test('a terminal that is closed, with all the signals that come then: as with Ctrl-C', async () => {
  const run = train(at('closed'), 20_000);
  atFirstStep(run, () => run.process.kill('SIGHUP'));
  let heard = '';
  run.process.stderr?.on('data', (text: Buffer) => {
    const before = heard;
    heard += text.toString();
    // Not at once: of several that wait the system hands over any first.
    if (!heard.includes('Stopping') || before.includes('Stopping')) return;
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGTERM'] as const) run.process.kill(signal);
  });
  const { code, stdout, stderr } = await run.finished;
  expect(code, stderr).toBe(0);
  expect(endOf(stdout).stopped).toBe(true);
  expect(hasAdapter(at('closed'))).toBe(true);
});

test('a reader of stdout that has seen enough: as with Ctrl-C', async () => {
  const run = train(at('read'), 20_000);
  atFirstStep(run, () => run.process.stdout?.destroy());
  const { code, stderr } = await run.finished;
  expect(code, stderr).toBe(0);
  expect(hasAdapter(at('read'))).toBe(true);
  expect(stderr).not.toMatch(/^ *at |EPIPE/m);
});

test('a reader of stderr that is gone: the run goes on to its end', async () => {
  const run = train(at('unheard'), 30);
  run.process.stderr?.destroy();
  const { code, stdout } = await run.finished;
  expect(code).toBe(0);
  expect(endOf(stdout)).toMatchObject({ stopped: false, steps: 30 });
  expect(hasAdapter(at('unheard'))).toBe(true);
});

describe('a full disk', () => {
  test('at the end of a run: the adapter goes to the disk of the store; a merge says what it needs', async (context) => {
    const disk = at('disk');
    const unmount = smallDisk(disk, '24k');
    if (unmount === null) {
      context.skip('only root may mount a small disk');
      return;
    }
    onTestFinished(unmount);
    const { code, stdout, stderr } = await train(join(disk, 'out'), 2).finished;
    expect(code, stderr).toBe(0);
    const { adapter } = endOf(stdout);
    expect(adapter.startsWith(join(at('home'), 'adapters'))).toBe(true);
    expect(hasAdapter(adapter)).toBe(true);
    expect(stderr).toContain(adapter);
    const merge = ['merge', '--model', model, '--adapter', adapter, '--output', join(disk, 'm')];
    const merged = await runCli(at('home'), [...merge, '--json']);
    expect(merged.code).toBe(1);
    expect(merged.stderr).toMatch(/output\/disk-full.*MB free.*The files take/);
    expect(readdirSync(disk)).toEqual([]);
  });
});

describe('what a person names', () => {
  test('an adapter folder with "=" in its name is meant as it is', () => {
    cpSync(fixturePath('adapters/untied'), at('alpha=16'), { recursive: true });
    expect(adapterSource(at('alpha=16'))).toEqual({ path: at('alpha=16'), weight: 1 });
    expect(adapterSource(at('alpha=16=0.5'))).toEqual({ path: at('alpha=16'), weight: 0.5 });
    expect(adapterSource(at('alpha=8'))).toEqual({ path: at('alpha'), weight: 8 });
    expect(adapterSource(at('alpha=5e-1'))).toEqual({ path: at('alpha'), weight: 0.5 });
  });

  test.each([
    ['UTF-8', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['UTF-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16, big end first', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('JSON with the byte order mark of %s', (_, bytes) => {
    writeFileSync(at('messages.json'), bytes('[{"role":"user","content":"Grüße"}]'));
    expect(readMessages(at('messages.json'))).toEqual({
      kind: 'chat',
      messages: [{ role: 'user', content: 'Grüße' }],
    });
  });

  test('a file inside the model folder stands for the folder; a merge copies no byte order mark', async () => {
    cpSync(model, at('model'), { recursive: true });
    for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
      const path = join(at('model'), name);
      writeFileSync(path, `\uFEFF${readFileSync(path, 'utf8')}`);
    }
    const named = ['--model', join(at('model'), 'config.json')];
    const adapter = join(fixturePath('adapters/untied'), 'adapter_config.json');
    const args = ['merge', ...named, '--adapter', adapter, '--output', at('merged'), '--json'];
    const { code, stdout, stderr } = await runCli(at('home'), args);
    expect(code, stderr).toBe(0);
    expect(jsonLines(stdout)[0]).toMatchObject({ passed: true });
    const written = readFileSync(join(at('merged'), 'tokenizer.json'), 'utf8');
    expect(written.startsWith('{')).toBe(true);
  });
});
