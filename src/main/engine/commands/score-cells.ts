/** The loss and the task's figures of models on data files, all through one loaded program. */
import { basename } from 'node:path';
import type { DataFile, EngineContext, EvaluationExtent } from '../../../shared/contract/engine.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Block } from '../batch/block.ts';
import { tellBeyondContext, tellTooLong } from '../batch/tell.ts';
import type { Evaluation } from '../score/evaluation.ts';
import type { Task } from '../task/task.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { breathe, tellAll, type OpenModel } from './open-model.ts';
import { openScorer } from './open-scorer.ts';

/** Blocks scored together. */
const rows = 4;

/** A model on a data file. */
export type Cell = { model: OpenModel; file: DataFile };

type Read<E> = { examples: readonly E[]; blocks: readonly Block[]; notices: readonly string[] };
export type Scored<E> = Evaluation & { model: OpenModel; examples: readonly E[] };

/** A result for each cell. Models differ in gates and tokenizer only. Errors: dataset/*, tokenizer/*, engine/cancelled. */
export async function scoreCells<E>(
  cells: readonly Cell[],
  task: Task<E>,
  extent: EvaluationExtent,
  context: EngineContext,
): Promise<Scored<E>[]> {
  const read = await readEach(cells, task, extent);
  tellAll(context, [
    ...new Set(cells.flatMap(({ model }, i) => [...model.notices, ...(read[i]?.notices ?? [])])),
  ]);
  const [first] = cells;
  if (!first) return [];
  const all = read.flatMap(({ blocks }) => blocks);
  const size = { rows, length: extent.sequenceLength };
  const scorer = openScorer(first.model, task, all, size, context);
  let done = 0;
  const pause = async (blocks: number) => {
    done += blocks;
    context.emit({ kind: 'progress', phase: 'Scoring blocks', done, total: all.length });
    await breathe(context.signal, 'Evaluation');
  };
  try {
    const scored: Scored<E>[] = [];
    for (const [i, { model }] of cells.entries()) {
      const { examples = [], blocks = [] } = read[i] ?? {};
      scorer.weigh(model.gates);
      scored.push({ ...(await scorer.evaluate(blocks, pause)), model, examples });
    }
    return scored;
  } finally {
    scorer.dispose();
  }
}

/** What each cell is scored on; a file is read once for all models with the same tokenizer. */
async function readEach<E>(
  cells: readonly Cell[],
  task: Task<E>,
  extent: EvaluationExtent,
): Promise<Read<E>[]> {
  const known = new Map<Tokenizer, Map<DataFile, Read<E>>>();
  const all: Read<E>[] = [];
  for (const { model, file } of cells) {
    const files = known.get(model.tokenizer) ?? new Map<DataFile, Read<E>>();
    known.set(model.tokenizer, files);
    const found = files.get(file) ?? (await readFor(model, file, task, extent));
    files.set(file, found);
    all.push(found);
  }
  return all;
}

async function readFor<E>(
  { checkpoint, tokenizer }: OpenModel,
  file: DataFile,
  task: Task<E>,
  { limit, sequenceLength }: EvaluationExtent,
): Promise<Read<E>> {
  const { maxPositionEmbeddings } = checkpoint.config;
  const longest = Math.min(sequenceLength, maxPositionEmbeddings);
  const data = await task.load(file, tokenizer, longest);
  const examples = data.examples.slice(0, limit ?? undefined);
  const encoded = data.encoded.slice(0, limit ?? undefined);
  const { blocks, tooLong } = task.arrange(encoded.flat(), sequenceLength);
  const { path } = file;
  if (blocks.length === 0) {
    const found = { path, examples: examples.length, sequenceLength };
    throw lorikeetError('dataset/all-too-long', found);
  }
  const notices = [
    ...data.notices,
    ...tellTooLong(encoded, tooLong, sequenceLength, `of ${basename(path)} `),
    ...tellBeyondContext(encoded, sequenceLength, maxPositionEmbeddings),
  ];
  return { examples, blocks, notices };
}
