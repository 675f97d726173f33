/** Runs that are asked to pause by a signal, and go on with `lorikeet resume`: one, and variants that are trained at once. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openStore } from '../../src/main/store/database.ts';
import { lorikeetError } from '../../src/shared/errors/lorikeet-error.ts';
import { fixturePath } from '../main/engine/parity/fixtures.ts';
import { jsonLines, jsonOf, runCli, startCli, type Running } from './run-cli.ts';
import { shortRun } from './short-run.ts';

const step = z.object({ step: z.int() });
const paused = z.object({
  ...{ done: z.literal(false), paused: z.literal(true), run: z.int(), steps: z.int() },
  checkpoint: z.object({ path: z.string(), step: z.int() }),
});
let folder = '';
const at = (name: string) => join(folder, name);
const home = () => at('home');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-resume-'));
  writeFileSync(at('data.jsonl'), '{"prompt":"name a colour","completion":"blue"}\n');
  writeFileSync(at('variants.json'), '[{"rank": 2}, {"rank": 4}]');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function train(output: string, steps: number, ...more: string[]): Running {
  const files = ['--model', fixturePath('models/tiny-untied'), '--data', at('data.jsonl')];
  const size = shortRun(steps);
  const args = ['train', ...files, '--output', output, ...size, ...more, '--json'];
  return startCli(home(), args);
}

/** Sends the signal once three steps were told, of whichever variants. */
function signalAtStep(run: Running, signal: NodeJS.Signals): void {
  let steps = 0;
  run.onLine((line) => {
    // Not the figures of a step's health, which come beside it.
    if (stepsOf(jsonLines(line)).length === 0) return;
    steps += 1;
    if (steps === 3) run.process.kill(signal);
  });
}

const stepsOf = (lines: readonly unknown[]) =>
  lines.flatMap((line) => {
    const found = step.safeParse(line);
    return found.success ? [found.data.step] : [];
  });

test('SIGTERM pauses with a checkpoint and says how to go on; resume goes on with the next step', async () => {
  const run = train(at('one'), 250, '--name', 'long', '--checkpoint-every', '1000');
  signalAtStep(run, 'SIGTERM');
  const { code, stdout, stderr } = await run.finished;
  expect(code, stderr).toBe(130);
  const end = paused.parse(jsonLines(stdout).at(-1));
  expect(existsSync(end.checkpoint.path)).toBe(true);
  expect(end.steps).toBe(end.checkpoint.step);
  expect(existsSync(at('one'))).toBe(false);
  const [listed] = await jsonOf(home(), ['runs']);
  expect(listed).toMatchObject({
    ...{ id: end.run, name: 'long', state: 'paused', heldBy: 'person' },
    ...{ checkpoint: { step: end.checkpoint.step }, problem: null, changes: [], best: null },
  });
  // Fewer are left where the machine was slow; the run is only to show that it goes on.
  const again = startCli(home(), ['resume', 'long', '--json']);
  const done = await again.finished;
  expect(done.code, done.stderr).toBe(0);
  expect(done.stderr).toContain(`goes on from the checkpoint of step ${end.checkpoint.step}`);
  const lines = jsonLines(done.stdout);
  expect(stepsOf(lines)[0]).toBe(end.checkpoint.step + 1);
  expect(lines.at(-1)).toMatchObject({ done: true, stopped: false, run: end.run, steps: 250 });
  expect(existsSync(join(at('one'), 'adapter_model.safetensors'))).toBe(true);
  const refused = await runCli(home(), ['resume', String(end.run), '--json']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('studio/cannot-go-on');
  expect((await runCli(home(), ['resume', 'nobody'])).stderr).toContain('There is no run nobody.');
});

test('variants that were paused go on as the group that they are', async () => {
  const run = train(at('both'), 200, '--variants', at('variants.json'));
  signalAtStep(run, 'SIGTERM');
  const { code, stderr } = await run.finished;
  expect(code, stderr).toBe(130);
  const store = openStore(join(home(), 'lorikeet.db'));
  const group = store.runs.list().filter(({ groupId }) => groupId !== null);
  store.close();
  expect(group.map(({ state }) => state)).toEqual(['paused', 'paused']);
  const second = group[1]?.id ?? 0;
  const done = await startCli(home(), ['resume', String(second), '--json']).finished;
  expect(done.code, done.stderr).toBe(0);
  const ends = jsonLines(done.stdout).slice(-2);
  expect(ends).toMatchObject([
    { variant: 1, done: true, run: group[0]?.id, steps: 200 },
    { variant: 2, done: true, run: second, steps: 200 },
  ]);
  expect(stepsOf(jsonLines(done.stdout))[0]).toBe((group[0]?.checkpoint?.step ?? 0) + 1);
});

test('a last checkpoint that is damaged: it goes on from the one before, and no step is there twice', async () => {
  // Steps that each write a checkpoint take three times as long: a hundred leave the signal time enough.
  const run = train(at('earlier'), 100, '--name', 'earlier', '--checkpoint-every', '1');
  signalAtStep(run, 'SIGTERM');
  const { stdout } = await run.finished;
  const { checkpoint } = paused.parse(jsonLines(stdout).at(-1));
  writeFileSync(join(checkpoint.path, 'state.safetensors'), '');
  const done = await startCli(home(), ['resume', 'earlier', '--json']).finished;
  expect(done.code, done.stderr).toBe(0);
  expect(done.stderr).toContain(`goes on from its checkpoint of step ${checkpoint.step - 1}`);
  expect(stepsOf(jsonLines(done.stdout))[0]).toBe(checkpoint.step);
  const store = openStore(join(home(), 'lorikeet.db'));
  const { id } = store.runs.list().find(({ name }) => name === 'earlier') ?? { id: 0 };
  const steps = store.metrics.of(id).steps.map((point) => point.step);
  store.close();
  expect(steps).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
});

test('Ctrl-C stops a run that was taken up, which writes its adapter', async () => {
  const run = train(at('stopped'), 50_000, '--name', 'stopped');
  signalAtStep(run, 'SIGTERM');
  await run.finished;
  const again = startCli(home(), ['resume', 'stopped', '--json']);
  signalAtStep(again, 'SIGINT');
  const { code, stdout, stderr } = await again.finished;
  expect(code, stderr).toBe(0);
  expect(jsonLines(stdout).at(-1)).toMatchObject({ done: true, stopped: true });
  expect(existsSync(join(at('stopped'), 'adapter_model.safetensors'))).toBe(true);
});

test('a run that memory ended says that it begins leaner', async () => {
  const run = train(at('lean'), 50_000, '--name', 'lean');
  signalAtStep(run, 'SIGTERM');
  await run.finished;
  const store = openStore(join(home(), 'lorikeet.db'));
  const { id = 0 } = store.runs.list().find(({ name }) => name === 'lean') ?? {};
  const { problem } = lorikeetError('engine/ended-for-memory', { reason: 'memory ran out' });
  store.runs.update(id, { problem });
  store.close();
  const again = startCli(home(), ['resume', 'lean', '--json']);
  signalAtStep(again, 'SIGINT');
  const { code, stdout, stderr } = await again.finished;
  expect(code, stderr).toBe(0);
  expect(stderr.match(/Less is kept for the backward pass/g)).toHaveLength(1);
  const changes = jsonLines(stdout).filter((line) => JSON.stringify(line).startsWith('{"change"'));
  expect(changes).toHaveLength(1);
});
