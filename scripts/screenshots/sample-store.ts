/** A small store, always the same: four runs of the starter model with their points, some of them with adapters, and a conversation. */
import { basename, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { openStore, type Store } from '../../src/main/store/database.ts';
import type { HealthPoint } from '../../src/shared/contract/run-points.ts';
import type { TrainingConfig } from '../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../src/shared/contract/training-defaults.ts';
import { sampleChat } from './sample-chat.ts';
import { sampleCurve, type Curve } from './sample-curve.ts';

/** When the pictures are taken; milliseconds since 1970. */
export const takenAt = Date.UTC(2026, 0, 15, 14, 30);
const minute = 60_000;

type Sample = {
  name: string;
  rank: number;
  learningRate: number;
  curve: Curve;
  /** Of 120. */
  steps: number;
  state: 'finished' | 'paused';
  minutesAgo: number;
};

const samples: readonly Sample[] = [
  {
    ...{ name: 'smart home, careful', rank: 8, learningRate: 5e-5, steps: 120, state: 'finished' },
    ...{ curve: { from: 3.1, to: 0.62, fall: 40, noise: 0.08 }, minutesAgo: 190 },
  },
  {
    ...{ name: 'smart home', rank: 8, learningRate: 2e-4, steps: 120, state: 'finished' },
    ...{ curve: { from: 3.1, to: 0.11, fall: 16, noise: 0.05 }, minutesAgo: 95 },
  },
  {
    ...{ name: 'smart home, rank 16', rank: 16, learningRate: 2e-4, steps: 120, state: 'finished' },
    ...{ curve: { from: 3.1, to: 0.09, fall: 13, noise: 0.05 }, minutesAgo: 31 },
  },
  {
    ...{ name: 'smart home, more data', rank: 8, learningRate: 2e-4, steps: 47, state: 'paused' },
    ...{ curve: { from: 3.1, to: 0.12, fall: 22, noise: 0.06 }, minutesAgo: 4 },
  },
];

const modules = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];

export type SampleFiles = { model: string; data: string; validation: string };

/** Writes it into the data folder `home`, which has none yet; gives the number of the run that is shown. */
export function makeSampleStore(home: string, files: SampleFiles): number {
  const path = join(home, 'lorikeet.db');
  const store = openStore(path);
  const ids = samples.map((sample) => addRun(store, home, files, sample));
  for (const [path, examples] of [
    [files.data, 1500],
    [files.validation, 200],
  ] as const)
    store.datasets.put({ ...{ name: basename(path, '.jsonl'), path, examples }, addedAt: takenAt });
  store.chats.add(
    sampleChat(files.model, store.adapters.list().slice(0, 2), takenAt - 12 * minute),
  );
  store.close();
  // The store notes the time of day by itself.
  const database = new BetterSqlite3(path);
  for (const [at, id] of ids.entries()) {
    const created = takenAt - ((samples[at]?.minutesAgo ?? 0) + 10) * minute;
    database.prepare('update runs set created_at = ? where id = ?').run(created, id);
  }
  database.close();
  return ids[1] ?? 0;
}

function addRun(store: Store, home: string, files: SampleFiles, sample: Sample): number {
  const { name, rank, learningRate, steps, state, minutesAgo } = sample;
  const config: TrainingConfig = {
    ...{ ...trainingDefaults, name, model: files.model, data: files.data, learningRate },
    lora: { ...trainingDefaults.lora, rank, alpha: 2 * rank },
    validation: { kind: 'file', path: files.validation },
    duration: { kind: 'steps', steps: 120 },
  };
  const { id, output } = store.runs.create(config, (number) => join(home, 'adapters', `${number}`));
  const { points, validations } = sampleCurve(sample.curve, steps, 120, id);
  for (const point of points) store.metrics.addStep(id, point);
  for (const point of validations) store.metrics.addValidation(id, point);
  store.health.add(id, healthAt(steps, rank));
  const ended = takenAt - minutesAgo * minute;
  const parameters = rank * 305_280;
  const best = validations.at(-1) ?? null;
  store.runs.update(id, {
    ...{ state, startedAt: ended - 9 * minute, finishedAt: ended, totalParameters: 134_515_008 },
    ...{ trainableParameters: parameters, peakMemoryBytes: 1_450_000_000 },
    ...{
      best: best && { step: best.step, loss: best.loss },
      base: { form: 'dense', doubleQuant: false },
    },
    ...(state === 'paused' && {
      checkpoint: { path: `${output}.checkpoints/step-${steps}`, step: steps, at: ended },
      heldBy: 'person' as const,
    }),
  });
  if (state === 'finished')
    store.adapters.add({
      ...{ name, path: output, runId: id, model: files.model, rank, alpha: 2 * rank, parameters },
      ...{ labels: null, base: { form: 'dense', doubleQuant: false }, createdAt: ended },
      origin: null,
    });
  return id;
}

/** Changes that grow with the depth, and most in the feed-forward block, as in real runs of this model. */
function healthAt(step: number, rank: number): HealthPoint {
  return {
    step,
    modules: Array.from({ length: 30 }, (_, layer) =>
      modules.map((module, at) => {
        const share = (0.4 + layer / 50) * (0.7 + 0.12 * at);
        return {
          ...{ layer, module, normA: 1.6, normB: 0.09 * share * Math.sqrt(rank / 8) },
          ...{ deltaRatio: 0.006 * share, gradientNorm: 0.04 / share },
        };
      }),
    ).flat(),
    ...{ alarms: [], experts: [], imbalance: null },
  };
}
