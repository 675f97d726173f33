/** How a data file is looked at whose texts are to be told apart. */
import type { BadLine } from '../../../shared/contract/data-report.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { noLabel } from '../batch/block.ts';
import { framed } from '../batch/encode-labelled.ts';
import type { LabelledExample } from '../dataset/labelled-example.ts';
import { parseLabelled } from '../dataset/parse-labelled.ts';
import { countLabels } from '../task/label-counts.ts';
import { labelsOf } from '../task/label-kinds.ts';
import type { Look, SequenceSize } from './inspect-data.ts';

/** Lengths are those before the cut, and follow from neither the token that is read nor from types. */
const whole = { longest: Infinity, reads: 'first', types: false } as const;

export function labelledTexts(asked: TrainingConfig['problem']): Look<LabelledExample> {
  return {
    parse: parseLabelled,
    preview: ({ texts, label }) => ({
      given: texts.map((text, i) => ({ name: i === 0 ? 'Text' : 'Second text', text })),
      learnt: { name: 'Label', text: [label].flat().join(', ') || 'none of the classes' },
    }),
    together(examples) {
      const kind = asked === 'auto' ? null : asked;
      const found = labelsOf(examples, kind);
      const badLines = 'badLines' in found ? found.badLines : [];
      const bad = new Set(badLines.map(({ line }) => line));
      const fitting = examples.filter(({ line }) => !bad.has(line));
      const labels = 'badLines' in found ? labelsOf(fitting, found.problem) : found;
      const known = fitting.length === 0 || 'badLines' in labels ? null : labels;
      return { examples: fitting, badLines, labels: known && countLabels(fitting, known) };
    },
    notices: () => [],
    measure(examples, tokenizer) {
      const sizes: SequenceSize[][] = [];
      const badLines: BadLine[] = [];
      for (const { line, texts } of examples) {
        const found = framed(texts, 0, tokenizer, whole);
        if ('reason' in found) badLines.push({ line, reason: found.reason });
        else sizes.push([{ length: found.sequence.tokens.length, learnt: null, ends: null }]);
      }
      return { sizes, badLines };
    },
    sequences({ line, texts }, tokenizer) {
      const found = framed(texts, noLabel, tokenizer, whole);
      return 'reason' in found ? [] : [{ line, ...found.sequence }];
    },
    cuts: true,
  };
}
