/** `lorikeet evaluate`: loss on a data file, and how many answers come out exactly, or how well texts are told apart. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { dataSettings, trainingSettings } from '../../shared/settings/table.ts';
import { formatCount, formatPercent } from '../format.ts';
import { addChatOptions, chatOptions, modelSource } from '../model-options.ts';
import { integer, parseOptions } from '../options.ts';
import { createOutput } from '../output.ts';
import { addSettingOptions, defaultedShape } from '../setting-options.ts';
import { describeReport } from '../report-text.ts';
import { renderPairs } from '../table.ts';
import { byKey, trainingFlagOf } from '../training-options.ts';
import { withEngine } from '../work.ts';
import { tasks } from '../../shared/tasks.ts';

const { sequenceLength } = trainingSettings;
const options = z.object({
  ...chatOptions,
  data: z.string().min(1),
  generate: z.boolean().default(false),
  limit: integer(1).optional(),
  ...defaultedShape({ ...dataSettings, sequenceLength }),
  json: z.boolean().default(false),
});
const schema = z.preprocess(byKey, options);

export function addEvaluate(program: Command): void {
  const command = addChatOptions(program.command('evaluate'))
    .description(
      'Loss and perplexity on a data file; with --generate also the share of exact answers. Of a classifier accuracy, F1 and which classes are taken for which.',
    )
    .requiredOption('--data <FILE>', 'data file: JSONL, JSON, CSV, TSV or Parquet')
    .option('--generate', 'let the model answer, and count answers that are exactly right')
    .option('--limit <N>', 'only the first N examples');
  addSettingOptions(command, { ...dataSettings, sequenceLength });
  command.option('--json', 'one JSON object').action(async () => {
    const options = parseOptions(command, schema, trainingFlagOf);
    const output = createOutput(options.json);
    const result = await withEngine(output, async (work) =>
      work.call('evaluate', {
        ...(await modelSource(work, options)),
        data: resolve(options.data),
        columns: options.columns,
        generate: options.generate,
        limit: options.limit ?? null,
        sequenceLength: options.sequenceLength,
      }),
    );
    if (result.task === 'sequence-classification') {
      const { loss, report } = result;
      output.result({ loss, ...report }, () => describeReport(loss, report));
      return;
    }
    const { loss, perplexity, tokens, exactMatch, examples } = result;
    const { figures } = tasks['causal-lm'];
    const generated = exactMatch === null ? {} : { exactMatch, examples };
    output.result({ loss, perplexity, tokens, ...generated }, () =>
      renderPairs([
        [figures.loss.label, `${loss.toFixed(4)} ${figures.loss.unit}`],
        [figures.perplexity.label, perplexity.toFixed(3)],
        ['Tokens', formatCount(tokens)],
        ...(exactMatch === null
          ? []
          : [[figures.exactMatch.label, `${formatPercent(exactMatch)} of ${examples}`] as const]),
      ]),
    );
  });
}
