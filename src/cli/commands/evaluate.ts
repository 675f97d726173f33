/** `lorikeet evaluate`: loss on a data file, and how many answers come out exactly, or how well texts are told apart; a table of many. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import type { EvaluationReport } from '../../shared/contract/evaluation.ts';
import { dataSettings, trainingSettings } from '../../shared/settings/table.ts';
import { describeEvaluation, describeTable } from '../evaluation-text.ts';
import { adapterSource, addChatOptions, chatOptions, modelSource } from '../model-options.ts';
import { integer, parseOptions, someText } from '../options.ts';
import { createOutput, type Output } from '../output.ts';
import { addSettingOptions, defaultedShape } from '../setting-options.ts';
import { byKey, trainingFlagOf } from '../training-options.ts';
import { withEngine } from '../work.ts';

const { sequenceLength } = trainingSettings;
/** Answers are slow, so that a table has so many of each file unless it is told otherwise. */
const answersInTable = 50;

const options = z.object({
  ...chatOptions,
  data: z.array(someText),
  matrix: z.boolean().default(false),
  baseRow: z.boolean(),
  generate: z.boolean().default(false),
  answers: integer(0).optional(),
  limit: integer(1).optional(),
  ...defaultedShape({ ...dataSettings, sequenceLength }),
  json: z.boolean().default(false),
});
const schema = z.preprocess(byKey, options);
type Options = z.output<typeof options>;

export function addEvaluate(program: Command): void {
  const command = addChatOptions(program.command('evaluate'))
    .description(
      'Loss and perplexity on a data file; with --generate also the share of exact answers. Of a classifier accuracy, F1 and which classes are taken for which. With --matrix a table: each adapter by itself on each data file.',
    )
    .requiredOption<string[] | undefined>(
      '--data <FILE>',
      'data file: JSONL, JSON, CSV, TSV or Parquet; several with --matrix',
      (file, before = []) => [...before, file],
    )
    .option(
      '--matrix',
      'a row for each adapter and for the base alone, a column for each data file',
    )
    .addOption(new BaseRowOption())
    .option('--generate', 'let the model answer, and count answers that are exactly right')
    .option(
      '--answers <N>',
      `the same for so many examples of a file, spread evenly over it (default: 0, and ${answersInTable} with --matrix)`,
    )
    .option('--limit <N>', 'only the first N examples');
  addSettingOptions(command, { ...dataSettings, sequenceLength });
  command.option('--json', 'one JSON object').action(async () => {
    const options = parseOptions(command, schema, trainingFlagOf);
    const wrong = wrongCall(options);
    if (wrong !== null) command.error(`error: ${wrong}`);
    const { limit = null, columns, sequenceLength } = options;
    const extent = { limit, answers: answersOf(options), sequenceLength };
    const data = options.data.map((path) => ({ path: resolve(path), columns }));
    await withEngine(createOutput(options.json), async (work) => {
      const { output } = work;
      const source = await modelSource(work, options);
      if (options.matrix) {
        const { baseRow: base } = options;
        const table = await work.call('evaluate.table', { ...source, base, data, ...extent });
        const [report] = table.cells.flat().map((cell) => cell.report);
        if (report?.task === 'sequence-classification') noteNoAnswers(output, options);
        output.result(table, () => describeTable(table));
        return;
      }
      for (const file of data) {
        const found = await work.call('evaluate', { ...source, data: file, ...extent });
        if (found.task === 'sequence-classification') noteNoAnswers(output, options);
        output.result(asLine(found), () => describeEvaluation(found));
      }
    });
  });
}

/** Not the opposite of --base, which says how the base is held. */
class BaseRowOption extends Option {
  constructor() {
    super('--no-base', 'leave the row of the base alone out of the table');
    this.default(true);
  }

  override attributeName(): string {
    return 'baseRow';
  }
}

/** What does not go together, as a sentence; null where all is well. */
function wrongCall({ matrix, baseRow, adapter, data, generate, answers }: Options): string | null {
  if (generate && answers !== undefined) return 'give either --generate or --answers';
  if (!matrix && !baseRow) return '--no-base is about the table of --matrix';
  if (!matrix && data.length > 1) return 'several --data make a table: add --matrix';
  if (!matrix) return null;
  if (adapter.length === 0) return '--matrix needs an --adapter, or several';
  if (data.length < 2) return '--matrix needs two --data at least: the own data and another';
  const twice = twiceIn(data.map((path) => resolve(path))) ?? twiceIn(adapter.map(placed));
  return twice === null ? null : `${twice} is given twice`;
}

/** An adapter and how much it counts, as it would be written with its whole path. */
function placed(adapter: string): string {
  const { path, weight } = adapterSource(adapter);
  return weight === 1 ? path : `${path}=${weight}`;
}

function twiceIn(given: readonly string[]): string | null {
  return given.find((each, i) => given.indexOf(each) !== i) ?? null;
}

/** Of how many examples of a file answers are asked for; null for all. */
function answersOf({ generate, answers, matrix }: Options): number | null {
  if (generate) return null;
  return answers ?? (matrix ? answersInTable : 0);
}

function noteNoAnswers(output: Output, { generate, answers = 0 }: Options): void {
  if (!generate && answers === 0) return;
  const option = generate ? '--generate' : '--answers';
  output.note(`The model classifies texts and writes no answers, so ${option} counts none.`);
}

/** What is on the line of JSON. */
function asLine(found: EvaluationReport): object {
  if (found.task === 'sequence-classification') return { loss: found.loss, ...found.report };
  const { loss, perplexity, tokens, exactMatch, answers, examples } = found;
  const asked = exactMatch === null ? {} : { exactMatch, answers, examples };
  return { loss, perplexity, tokens, ...asked };
}
