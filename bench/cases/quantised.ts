/** (k) Bases held in few bits beside the dense base, on models of random weights. */
import { mkdir, rm } from 'node:fs/promises';
import { say } from '../../scripts/lib/say.ts';
import { openCheckpoint } from '../../src/main/engine/checkpoint/open-checkpoint.ts';
import type { TokenizerFiles } from '../../src/main/engine/tokenizer/files.ts';
import { showShape } from '../lib/batches.ts';
import type { Bench } from '../lib/bench.ts';
import type { CaseResult } from '../lib/result.ts';
import { using } from '../lib/sides.ts';
import { compareForms, formsHeader } from '../quantised/compare-forms.ts';
import { limitHeader, runInside } from '../quantised/inside-limit.ts';
import { batch, type Part } from '../quantised/part.ts';
import { peakOfPeers } from '../quantised/peer-peaks.ts';
import { writeRandomModel } from '../quantised/random-model.ts';
import type { RandomShape } from '../quantised/random-shapes.ts';

/** The parts that compare forms, and those inside of limits. */
type Parts = { compared: Part[]; limited: Part[] };

export async function quantised(bench: Bench): Promise<CaseResult> {
  const source = await openCheckpoint(bench.materials.model);
  const { tokenizer } = source;
  source.close();
  const parts: Parts = { compared: [], limited: [] };
  for (const shape of bench.settings.randomModels) {
    await measure(bench, shape, tokenizer, parts);
  }
  const all = [...parts.compared, ...parts.limited];
  return {
    title: '(k) Bases in few bits',
    notes: [
      `Models of random weights, in bfloat16 and, "packed", as Q4_0 in a GGUF file. \`lorikeet train\` with batches of ${showShape(batch)}, rank ${bench.settings.rank}, keeping layer inputs: the forms in turn, each turn a process of its own that loads the model. Of a step's times those count that compile nothing. "To load" is from the start of the process to the beginning of its first step, with reading the data. The peak is VmHWM.`,
      ...all.flatMap(({ notes }) => notes),
    ],
    tables: [
      { header: formsHeader, rows: parts.compared.flatMap(({ rows }) => rows) },
      { header: limitHeader, rows: parts.limited.flatMap(({ rows }) => rows) },
    ].filter(({ rows }) => rows.length > 0),
    ratios: all.flatMap(({ ratios }) => ratios),
  };
}

/** A model's files are there only while it is measured: all of them would fill a small disk. */
async function measure(
  bench: Bench,
  shape: RandomShape,
  tokenizer: TokenizerFiles,
  parts: Parts,
): Promise<void> {
  const { name, config, comparison, limit } = shape;
  const model = bench.materials.scratch(`random-${name}`);
  const packed = `${model}.gguf`;
  try {
    say(`• ${name}: random weights`);
    await mkdir(model);
    const architecture = await writeRandomModel(model, config, tokenizer);
    if (comparison) {
      await using(bench.sides.own(), (own) =>
        own.ask('quantize', { model, output: packed, type: 'Q4_0' }),
      );
      const part = await compareForms(bench, name, comparison, [
        { form: 'dense', model },
        { form: 'nf4', model },
        { form: 'int8', model },
        { form: 'packed', model: packed },
      ]);
      parts.compared.push(part);
      if (part.peakBytes !== null) {
        const base = { model, architecture };
        parts.compared.push(await peakOfPeers(bench, name, base, part.peakBytes));
      }
    }
    if (limit !== null) {
      parts.limited.push(await runInside(bench, name, { form: 'nf4', model }, limit));
    }
  } finally {
    for (const path of [model, packed]) await rm(path, { recursive: true, force: true });
  }
}
