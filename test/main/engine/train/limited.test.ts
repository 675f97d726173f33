/** Under a real limit of memory a run goes leaner and ends with the losses of the leaner settings. */
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { estimate } from '../../../../src/main/engine/commands/estimate.ts';
import { train } from '../../../../src/main/engine/commands/train.ts';
import { askedTo } from '../../../../src/shared/asked-end.ts';
import type { EngineEvent } from '../../../../src/shared/contract/engine.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { leaner } from '../../../../src/shared/leaner.ts';
import { fixturePath } from '../parity/fixtures.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-limited-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const program = fileURLToPath(new URL('limited-run.ts', import.meta.url));

const data = join(root, 'data.jsonl');
const text = (n: number) => `light ${n} `.repeat(60);
writeFileSync(
  data,
  Array.from({ length: 16 }, (_, n) => JSON.stringify({ text: text(n) })).join('\n'),
);

/** Attention over many tokens: a step takes a hundred times what the model does. */
const config: TrainingConfig = {
  ...trainingDefaults,
  generalText: { kind: 'off' },
  ...{ name: '', model: fixturePath('models/tiny-tied'), data, validation: { kind: 'none' } },
  ...{ sequenceLength: 512, batchSize: 8, keep: 'products', precision: 'float32', base: 'dense' },
  ...{ warmupSteps: 0, duration: { kind: 'steps', steps: 3 }, runAnyway: true },
};

/** The settings after so many steps towards less memory. */
function after(count: number, from = config): TrainingConfig {
  const less = count > 0 ? leaner(from) : null;
  return less ? after(count - 1, { ...from, ...less.settings }) : from;
}
const changes = 2;

type Told = { losses: Map<number, number>; changes: string[]; outcome: unknown };

function toldBy(events: readonly unknown[]): Told {
  const losses = events.flatMap((event) => {
    const { data: found } = step.safeParse(event);
    return found ? [[found.point.step, found.point.loss] as const] : [];
  });
  const changed = events.flatMap((event) => change.safeParse(event).data?.change.text ?? []);
  return { losses: new Map(losses), changes: changed, outcome: events.at(-1) };
}
const step = z.object({
  kind: z.literal('step'),
  point: z.object({ step: z.int(), loss: z.number() }),
});
const notice = z.object({ kind: z.literal('notice'), text: z.string() });
const change = z.object({ kind: z.literal('change'), change: z.object({ text: z.string() }) });

const quiet = { emit: () => undefined, signal: new AbortController().signal };
const checkpoints = join(root, 'checkpoints');
const resume = join(checkpoints, 'step-000001');
/** By how many steps towards less memory: what a run gives that goes on with those settings. */
const expected = new Map<number, Told>();

/** What the allocator may hold: what the leanest settings take; those that the run begins with take three times that. */
let forTensors = 0;

beforeAll(async () => {
  const pause = new AbortController();
  const paused = await train(
    { config, output: join(root, 'whole'), checkpoints },
    {
      signal: pause.signal,
      emit: ({ kind }) => {
        if (kind === 'step') pause.abort(askedTo('pause', 'it'));
      },
    },
  );
  expect(paused).toMatchObject({ kind: 'paused', paused: { checkpoint: { path: resume } } });
  cpSync(checkpoints, join(root, 'kept'), { recursive: true });

  for (let count = 1; count <= changes; count++) {
    const events: EngineEvent[] = [];
    const emit = (event: EngineEvent) => events.push(event);
    const output = join(root, `lean-${count}`);
    cpSync(join(root, 'kept'), checkpoints, { recursive: true });
    await train({ config: after(count), output, checkpoints, resume }, { ...quiet, emit });
    expected.set(count, toldBy(events));
    expect([...(expected.get(count)?.losses.keys() ?? [])]).toEqual([2, 3]);
  }

  const { memory } = await estimate({ configs: [after(changes)] }, quiet);
  // The estimate is right by 15 %, and a few MiB of the process are not tensors.
  forTensors = 1.15 * (memory.activationBytes + memory.weightBytes + memory.adapterBytes);
});

/** A process of its own, which `sh` begins with these lines. */
function underLimit(limit: string, ...args: string[]): string {
  const environment = { ...process.env, TF_MKL_ALLOC_MAX_BYTES: undefined };
  const { stdout, stderr, status } = spawnSync(
    'sh',
    ['-c', `${limit} && exec "$0" "$@"`, process.execPath, program, ...args],
    { encoding: 'utf8', env: environment, maxBuffer: 2 ** 26 },
  );
  expect({ stderr, status }).toMatchObject({ status: 0 });
  return stdout.trim();
}

/** Goes on from the checkpoint where `limited` sets a limit that leaves just enough for the leaner settings. */
function goOn(limited: (bytes: number) => string): Told {
  const plenty = 2 ** 32;
  const left = Number(underLimit(limited(plenty)));
  cpSync(join(root, 'kept'), checkpoints, { recursive: true });
  const output = join(mkdtempSync(join(root, 'limited-')), 'adapter');
  const request = JSON.stringify({ config, output, checkpoints, resume });
  const told = underLimit(limited(plenty - left + forTensors), request);
  return toldBy(told.split('\n').map((line): unknown => JSON.parse(line)));
}

/** The limit asks for one change at least; what the process holds beside tensors may leave room for what comes before the last. */
function expectLean({ losses, changes: told, outcome }: Told): void {
  const steps = [
    /^Step 2 did not get its memory.*layer inputs only/,
    /^Step 2 did not get its memory.*batch goes from 8 to 4/,
  ];
  expect(told.length).toBeGreaterThanOrEqual(1);
  expect(told.length).toBeLessThanOrEqual(steps.length);
  for (const [i, text] of told.entries()) expect(text).toMatch(steps[i] ?? '');
  expect(outcome).toMatchObject({ kind: 'trained', result: { steps: 3, stopped: false } });
  expect(losses).toEqual(expected.get(told.length)?.losses);
}

test.skipIf(process.platform !== 'linux')('under ulimit -d, which is there for everybody', () => {
  expectLean(goOn((bytes) => `ulimit -d ${Math.round(bytes / 1024)}`));
});

const group = `/sys/fs/cgroup/memory/lorikeet-test-${process.pid}`;

/** A control group of version 1, which root can make where they are mounted so. */
function makeGroup(): boolean {
  try {
    mkdirSync(group);
    return true;
  } catch {
    return false;
  }
}
const hasGroup = makeGroup();
afterAll(() => {
  if (hasGroup) rmdirSync(group);
});

test.skipIf(!hasGroup)('in a control group, where the kernel would end the process', () => {
  const limit = (bytes: number) => `echo ${Math.round(bytes)} > ${group}/memory.limit_in_bytes`;
  expectLean(goOn((bytes) => `${limit(bytes)} && echo $$ > ${group}/cgroup.procs`));
});

test.skipIf(!hasGroup)(
  'what others leave of a control group is watched from step to step',
  async () => {
    const unlimited = readFileSync(`${group}/memory.limit_in_bytes`, 'utf8');
    const place = mkdtempSync(join(root, 'watched-'));
    const short = join(place, 'short.jsonl');
    writeFileSync(short, '{"text":"a light"}');
    const asked = {
      config: {
        ...{ ...config, data: short, sequenceLength: 64, batchSize: 1 },
        ...{ duration: { kind: 'steps', steps: 400 }, runAnyway: false },
      },
      ...{ output: join(place, 'adapter'), checkpoints: join(place, 'checkpoints') },
    };
    const enter = `echo ${unlimited.trim()} > ${group}/memory.limit_in_bytes; echo $$ > ${group}/cgroup.procs`;
    const environment = { ...process.env, TF_MKL_ALLOC_MAX_BYTES: undefined };
    const child = spawn(
      'sh',
      ['-c', `${enter} && exec "$0" "$@"`, process.execPath, program, JSON.stringify(asked)],
      { env: environment, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const told: unknown[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      told.push(JSON.parse(line));
      if (step.safeParse(told.at(-1)).data?.point.step !== 3) continue;
      const usage = Number(readFileSync(`${group}/memory.usage_in_bytes`, 'utf8'));
      writeFileSync(`${group}/memory.limit_in_bytes`, String(usage + 48 * 2 ** 20));
    }
    const notices = told.flatMap((each) => notice.safeParse(each).data?.text ?? []);
    // It goes leaner where a step is seen to take more than it holds, and keeps its state where others have taken what was free.
    expect([...notices, ...toldBy(told).changes].join('\n')).toMatch(
      /the control group .* has .* left/,
    );
    expect(told.at(-1)).toMatchObject({ kind: 'trained', result: { steps: 400 } });
  },
);
