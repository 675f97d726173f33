/** Answers of several runs' adapters to the same prompts, held against each other. */
import type { AnswerGroup } from '../../shared/contract/answers.ts';
import type { Reply } from '../../shared/contract/commands.ts';
import type { AdapterRecord } from '../../shared/contract/records.ts';
import type { Compared } from './compare-charts.ts';
import { answers } from './table-choice.ts';
import { wordDiff, type DiffPart } from './word-diff.ts';

/** The answer that others are held against: that of their own base, the first of the adapters', or none. */
export type Beside = 'base' | 'first' | 'none';

export type ComparedReply = {
  /** Null is the base alone. */
  adapter: number | null;
  reply: Reply;
  /** Null for the reference itself, and where nothing is held against anything. */
  parts: readonly DiffPart[] | null;
};

/** The adapters of runs that can be asked, and in a sentence each why others cannot. */
export function askable(
  compared: readonly Pick<Compared, 'run'>[],
  adapterById: (id: number | null) => AdapterRecord | null,
): { adapters: AdapterRecord[]; leftOut: string[] } {
  const adapters: AdapterRecord[] = [];
  const leftOut: string[] = [];
  for (const { run } of compared) {
    const adapter = adapterById(run.adapterId);
    if (adapter === null) leftOut.push(`${run.name} has no adapter to ask.`);
    else if (answers(adapter)) adapters.push(adapter);
    else leftOut.push(`${run.name} tells texts apart and does not answer.`);
  }
  return { adapters, leftOut };
}

/** What the rows of one base said to the prompt at this place. */
export function repliesTo(
  groups: readonly AnswerGroup[],
  { outcome }: AnswerGroup,
  prompt: number,
  beside: Beside,
): ComparedReply[] {
  if (outcome.kind === 'failed') return [];
  const reference = referenceOf(groups, outcome.rows, beside);
  const held = reference?.replies[prompt]?.text;
  return outcome.rows.flatMap((row): ComparedReply[] => {
    const reply = row.replies[prompt];
    if (reply === undefined) return [];
    const parts = held === undefined || row === reference ? null : wordDiff(held, reply.text);
    return [{ adapter: row.adapter, reply, parts }];
  });
}

type Row = { adapter: number | null; replies: readonly Reply[] };

function referenceOf(
  groups: readonly AnswerGroup[],
  rows: readonly Row[],
  beside: Beside,
): Row | undefined {
  if (beside === 'none') return undefined;
  if (beside === 'base') return rows.find(({ adapter }) => adapter === null);
  const all = groups.flatMap(({ outcome }) => (outcome.kind === 'answered' ? outcome.rows : []));
  return all.find(({ adapter }) => adapter !== null);
}
