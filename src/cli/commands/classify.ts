/** `lorikeet classify`: what texts are, with the probability of every class. */
import type { Command } from 'commander';
import { z } from 'zod';
import type { ClassifiedTexts } from '../../shared/contract/engine.ts';
import type { Classification } from '../../shared/contract/records.ts';
import { trainingSettings } from '../../shared/settings/table.ts';
import { formatFigure, formatPercent } from '../format.ts';
import { addModelOptions, modelOptions, modelSource } from '../model-options.ts';
import { parseOptions } from '../options.ts';
import { createOutput } from '../output.ts';
import { addSettingOptions, defaultedShape } from '../setting-options.ts';
import { renderPairs } from '../table.ts';
import { withEngine } from '../work.ts';

const { sequenceLength } = trainingSettings;
const text = z.string().min(1, 'expected a text');
const schema = z.object({
  ...modelOptions,
  text,
  text2: text.optional(),
  ...defaultedShape({ sequenceLength }),
  json: z.boolean().default(false),
});

export function addClassify(program: Command): void {
  const command = addModelOptions(program.command('classify'))
    .description(
      'Tell what a text is, or a pair of texts, by a model or an adapter that classifies.',
    )
    .requiredOption('--text <TEXT>', 'what is to be told')
    .option('--text2 <TEXT>', 'the second text of a pair');
  addSettingOptions(command, { sequenceLength });
  command.option('--json', 'one JSON object').action(async () => {
    const options = parseOptions(command, schema);
    const output = createOutput(options.json);
    const { text: first, text2: second } = options;
    const texts: ClassifiedTexts = second === undefined ? [first] : [first, second];
    const answers = await withEngine(output, async (work) =>
      work.call('classify', {
        ...(await modelSource(work, options)),
        texts: [texts],
        sequenceLength: options.sequenceLength,
      }),
    );
    for (const answer of answers) output.result(answer, () => describe(answer));
  });
}

/** The likeliest first; what is answered is marked. */
function describe({ problem, labels, scores }: Classification): string {
  if (problem === 'regression') {
    return scores.map(({ score }) => formatFigure(score)).join('\n');
  }
  const sorted = [...scores].sort((a, b) => b.score - a.score);
  return renderPairs(
    sorted.map(({ label, score }) => {
      const mark = labels.includes(label) ? ' *' : '';
      return [label, `${formatPercent(score)}${mark}`] as const;
    }),
  );
}
