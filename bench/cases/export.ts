/** (j) Writing a base as GGUF, against llama.cpp's quantiser and against a copy. */
import { copyFile, rm, stat } from 'node:fs/promises';
import type { Bench } from '../lib/bench.ts';
import { figureOf, gigabytes, spread, times } from '../lib/figures.ts';
import type { CaseResult, Ratio } from '../lib/result.ts';
import { using } from '../lib/sides.ts';
import { takeTurns } from '../lib/turns.ts';

const sourceType = 'F16';
const quantised = ['Q8_0', 'Q4_K_M'] as const;
const most = 2;

type Side = 'Lorikeet' | 'llama.cpp' | 'copying the result';

/** A file that is written from the same F16 GGUF file by two in turn. */
type Contest = {
  type: typeof sourceType | (typeof quantised)[number];
  other: Exclude<Side, 'Lorikeet'>;
};

const contests: readonly Contest[] = [
  { type: sourceType, other: 'copying the result' },
  ...quantised.map((type): Contest => ({ type, other: 'llama.cpp' })),
];

export async function exportGguf({ sides, materials, settings }: Bench): Promise<CaseResult> {
  const rows: string[][] = [];
  const ratios: Ratio[] = [];
  const source = materials.scratch('source.gguf');
  const output = materials.scratch('written.gguf');
  await using(sides.own(), (own) =>
    using(sides.peer(), async (peer) => {
      await own.ask('quantize', { model: materials.model, output: source, type: sourceType });
      for (const { type, other } of contests) {
        const request = { model: source, output, type };
        const writing: Record<Side, () => Promise<number>> = {
          Lorikeet: async () => (await own.ask('quantize', request)).seconds,
          'llama.cpp': async () => (await peer.ask('quantize', request)).seconds,
          'copying the result': () => copied(source, output),
        };
        const contestants = (['Lorikeet', other] as const).map((side) => ({
          warmups: 1,
          turn: async () => {
            await rm(output, { force: true });
            return writing[side]();
          },
        }));
        const [ours = [], theirs = []] = await takeTurns(contestants, settings.counted);
        const { size } = await stat(output);
        const [mine, floor] = [figureOf(ours), figureOf(theirs)];
        rows.push(
          [type, 'Lorikeet', spread(mine), gigabytes(size)],
          [type, other, spread(floor), ''],
        );
        ratios.push({
          what: `export as ${type}, Lorikeet / ${other}`,
          found: times(mine.median / floor.median),
          goal: `≤ ${times(most)}`,
        });
      }
    }),
  );
  for (const file of [source, output]) await rm(file, { force: true });
  return {
    title: '(j) Export as GGUF',
    notes: [
      `The base from an ${sourceType} GGUF file into another file, reading included, without the proof, in processes that have already started and written once. llama.cpp is its own quantiser, of node-llama-cpp, with a thread a core. Nothing is forced to the disk on any side; copying is one copy of the file by the system.`,
    ],
    tables: [{ header: ['written as', 'who', 's', 'size'], rows }],
    ratios,
  };
}

async function copied(from: string, to: string): Promise<number> {
  const started = performance.now();
  await copyFile(from, to);
  return (performance.now() - started) / 1000;
}
