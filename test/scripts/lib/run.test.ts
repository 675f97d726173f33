/** Other programs: what they say is kept, how they end is told, and they cannot hang. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answers, run, RunError, runNode } from '../../../scripts/lib/run.ts';

it('gives what the program wrote', async () => {
  expect(await run('sh', ['-c', 'echo out; echo err >&2'], { quiet: true })).toContain('out');
});

it('fails with the code and the last lines', async () => {
  const failing = run('sh', ['-c', 'seq 100; exit 7'], { quiet: true });
  const error: unknown = await failing.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RunError);
  expect(error).toMatchObject({ code: 7 });
  expect(String(error)).toContain('\n100');
  expect(String(error)).not.toContain('\n80\n');
});

it('ends what takes too long, with what it has started', async () => {
  const started = performance.now();
  const failing = run('sh', ['-c', 'sleep 30; true'], { quiet: true, timeout: 200 });
  await expect(failing).rejects.toThrow('SIGKILL');
  expect(performance.now() - started).toBeLessThan(5000);
});

it.each([
  ['SIGINT', 'SIGINT'],
  ['SIGHUP', 'SIGTERM'],
] as const)(
  '%s of a terminal reaches a program in a group of its own once, as %s',
  async (sent, got) => {
    const lib = new URL('../../../scripts/lib/run.ts', import.meta.url).href;
    const program = `
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => console.log(name));
    setTimeout(() => {}, 700);
    console.log('ready');`;
    const parent = `
    import { run } from ${JSON.stringify(lib)};
    await run(process.execPath, ['-e', ${JSON.stringify(program)}], { ownGroup: true }).catch(() => {});`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', parent], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        if (text === '') process.kill(-(child.pid ?? NaN), sent);
        text += part;
      });
      child.on('error', reject).on('close', () => {
        resolve(text);
      });
    });
    expect(said).toBe(`ready\n${got}\n`);
  },
);

it('names a program that is not there', async () => {
  await expect(run('no-such-program', [], { quiet: true })).rejects.toMatchObject({ code: 127 });
  expect(await answers('no-such-program', [])).toBe(false);
  expect(await answers('sh', ['-c', 'exit 0'])).toBe(true);
});

it('refuses an unknown task by name', async () => {
  const failing = runNode('scripts/boot.mjs', ['dance'], { quiet: true });
  await expect(failing).rejects.toMatchObject({ code: 2 });
  await expect(failing).rejects.toThrow('no task "dance". Tasks: setup, start');
});

it('keeps what Node has compiled, in the cache of set-up', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'lorikeet-boot-'));
  const env: NodeJS.ProcessEnv = { ...process.env, LORIKEET_CACHE: cache };
  delete env['NODE_COMPILE_CACHE'];
  try {
    await expect(runNode('scripts/boot.mjs', ['dance'], { quiet: true, env })).rejects.toThrow();
    expect(readdirSync(join(cache, 'compiled'))).not.toEqual([]);
  } finally {
    rmSync(cache, { recursive: true });
  }
});
