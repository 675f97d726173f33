/** (e) Merging an adapter into its base and writing the result. */
import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../lib/bench.ts';
import { figureOf, gigabytes, spread, times } from '../lib/figures.ts';
import type { CaseResult, Ratio } from '../lib/result.ts';
import { using } from '../lib/sides.ts';
import { takeTurns } from '../lib/turns.ts';

const dtypes = ['float32', 'bfloat16'] as const;
const weights = 'model.safetensors';

export async function merge(bench: Bench): Promise<CaseResult> {
  const rows: string[][] = [];
  const ratios: Ratio[] = [];
  await using(bench.sides.own(), (own) =>
    using(bench.sides.peer(), async (peer) => {
      for (const dtype of dtypes) {
        const { ours, theirs, copy, bytes } = await measure(bench, dtype, (side, request) =>
          side === 'own' ? own.ask('merge', request) : peer.ask('merge', request),
        );
        rows.push(
          [dtype, 'Lorikeet', spread(figureOf(ours)), ''],
          [dtype, 'PEFT', spread(figureOf(theirs)), ''],
          [dtype, 'copying the result', spread(figureOf(copy)), gigabytes(bytes)],
        );
        const [mine, other, floor] = [ours, theirs, copy].map((values) => figureOf(values).median);
        ratios.push(
          {
            what: `merge to ${dtype}, against copying its bytes`,
            found: times((mine ?? NaN) / (floor ?? NaN)),
            goal: '≤ 2.00 ×',
          },
          {
            what: `merge to ${dtype}, PEFT / Lorikeet`,
            found: times((other ?? NaN) / (mine ?? NaN)),
            goal: 'none',
          },
        );
      }
    }),
  );
  return {
    title: '(e) Merge',
    notes: [
      'Reading base (float32) and adapter, merging in float32 and writing a Hugging Face directory, in processes that have already started and merged once. Nothing is forced to the disk on any side; copying is one copy of the written weights by the system.',
    ],
    tables: [{ header: ['written as', 'who', 's', 'size'], rows }],
    ratios,
  };
}

type Request = { model: string; adapter: string; output: string; dtype: (typeof dtypes)[number] };
type Ask = (side: 'own' | 'peer', request: Request) => Promise<{ seconds: number }>;

async function measure({ materials, settings }: Bench, dtype: Request['dtype'], ask: Ask) {
  const layers = materials.architecture.config.numHiddenLayers;
  const adapter = await materials.adapter({ rank: settings.rank, layers, trained: true });
  const output = materials.scratch('merged');
  const source = materials.scratch('to-copy');
  const once = async (side: 'own' | 'peer') => {
    await rm(output, { recursive: true, force: true });
    return (await ask(side, { model: materials.model, adapter, output, dtype })).seconds;
  };
  const copyOnce = async () => {
    await rm(output, { recursive: true, force: true });
    await mkdir(output);
    const started = performance.now();
    await copyFile(join(source, weights), join(output, weights));
    return (performance.now() - started) / 1000;
  };
  await ask('own', { model: materials.model, adapter, output: source, dtype });
  const { size: bytes } = await stat(join(source, weights));
  const [ours = [], theirs = [], copy = []] = await takeTurns(
    [
      { warmups: 1, turn: () => once('own') },
      { warmups: 1, turn: () => once('peer') },
      { warmups: 1, turn: copyOnce },
    ],
    settings.counted,
  );
  for (const folder of [output, source]) await rm(folder, { recursive: true, force: true });
  return { ours, theirs, copy, bytes };
}
