/** Where the latest checkpoint of a run is gone or damaged, the newest sound one beside it is as good. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { soundCheckpoint } from '../../../../src/main/engine/resume/sound-checkpoint.ts';
import { statePath } from '../../../../src/main/engine/resume/training-checkpoint.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { checkpointAt, checkpointsOf, oneRun, trainOne } from './one-run.ts';
import { smallCheckpoints } from './small-checkpoints.ts';

const always = () => true;
const remove = (path: string) => {
  rmSync(path, { recursive: true });
};

/** Changes the last number of its vectors. */
function damage(path: string): void {
  const bytes = readFileSync(statePath(path));
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  writeFileSync(statePath(path), bytes);
}

test('a run goes on from an earlier checkpoint as if from the last, and its curve has every step once', async () => {
  const whole = await trainOne(oneRun());
  const run = oneRun();
  const first = await trainOne(run, { pauseAt: 5 });
  damage(checkpointAt(run, 5));
  remove(checkpointAt(run, 4));
  const { losses, notices, outcome } = await trainOne(run, { from: 5 });
  expect(outcome.kind).toBe('trained');
  expect(notices.join('\n')).toMatch(
    /goes on from its checkpoint of step 2.*Passed over: step-000005 \(its state\.safetensors is not/,
  );
  expect([...losses.keys()]).toEqual([3, 4, 5, 6]);
  expect(new Map([...first.losses, ...losses])).toEqual(whole.losses);
  // What was passed over is left for whoever wants to look at it.
  expect(readdirSync(checkpointsOf(run))).toContain('step-000005');
});

test('the one that is told comes first, then the newest before it, and later ones last', async () => {
  const at = await smallCheckpoints([2, 4, 6]);
  const taken = async (told: string) => {
    const { path, notices } = await soundCheckpoint(told, always);
    return [basename(path), notices.length];
  };
  expect(await taken(at(4))).toEqual(['step-000004', 0]);
  remove(at(4));
  expect(await taken(at(4))).toEqual(['step-000002', 1]);
  damage(at(2));
  expect(await taken(at(4))).toEqual(['step-000006', 1]);
  expect(await taken(at(6))).toEqual(['step-000006', 0]);
});

test('one that found its name taken is newer than that which has the name', async () => {
  const at = await smallCheckpoints([2, 4]);
  cpSync(at(2), `${at(2)}-2`, { recursive: true });
  remove(at(4));
  expect(basename((await soundCheckpoint(at(4), always)).path)).toBe('step-000002-2');
});

test('one of a run with other settings is passed over', async () => {
  const at = await smallCheckpoints([2, 4]);
  remove(at(4));
  const problem = await problemOf(() => soundCheckpoint(at(4), () => false));
  expect(problem.what).toContain(`${basename(at(2))} (it is of a run with other settings)`);
});

test('where none is sound every one is named', async () => {
  const at = await smallCheckpoints([2, 4, 6]);
  damage(at(2));
  rmSync(join(at(4), 'checkpoint.json'));
  remove(at(6));
  const problem = await problemOf(() => soundCheckpoint(at(6), always));
  expect(problem.code).toBe('resume/none-sound');
  expect(problem.what).toMatch(
    /step-000006 \(it is not there any more\); step-000004 \(its checkpoint\.json is missing\); step-000002 \(its state/,
  );
  for (const path of [at(2), at(4)]) remove(path);
  expect(await problemOf(() => soundCheckpoint(at(6), always))).toMatchObject({
    code: 'resume/no-checkpoint',
    where: at(6),
  });
});
