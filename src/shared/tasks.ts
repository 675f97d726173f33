/** What a model can be trained for, and the figures that tell how well it does. */

export type Figure = {
  label: string;
  /** After the number; empty where the label says it all. */
  unit: string;
  /** A share of examples, to be said as per cent, or a plain number. */
  form: 'share' | 'number';
  better: 'lower' | 'higher';
  /** One sentence for a person who meets it for the first time. */
  help: string;
};

type TaskFacts = {
  /** `task_type` in PEFT's adapter_config.json. */
  peftType: string;
  /** By the name that reports have for it; the loss is what training lowers. */
  figures: { loss: Figure } & Readonly<Record<string, Figure>>;
};

export const tasks = {
  'causal-lm': {
    peftType: 'CAUSAL_LM',
    figures: {
      loss: {
        label: 'Loss',
        unit: 'nats per token',
        form: 'number',
        better: 'lower',
        help: 'How surprised the model is by each token of the wanted answers; 0 would be certainty.',
      },
      perplexity: {
        label: 'Perplexity',
        unit: '',
        form: 'number',
        better: 'lower',
        help: 'The loss as a number of choices: among how many equally likely tokens the model still wavers.',
      },
      exactMatch: {
        label: 'Exact match',
        unit: '',
        form: 'share',
        better: 'higher',
        help: 'The share of answers that are the wanted ones, letter for letter.',
      },
    },
  },
  'sequence-classification': {
    peftType: 'SEQ_CLS',
    figures: {
      loss: {
        label: 'Loss',
        unit: '',
        form: 'number',
        better: 'lower',
        help: 'How far the answers are from the wanted ones: nats for each example with classes, squares of the error with values.',
      },
      accuracy: {
        label: 'Accuracy',
        unit: '',
        form: 'share',
        better: 'higher',
        help: 'The share of examples whose class is the wanted one.',
      },
      macroF1: {
        label: 'Macro F1',
        unit: '',
        form: 'share',
        better: 'higher',
        help: 'The mean of all classes’ F1: a rare class counts as much as a common one.',
      },
      microF1: {
        label: 'Micro F1',
        unit: '',
        form: 'share',
        better: 'higher',
        help: 'F1 of all classes counted together: a class counts as often as it occurs.',
      },
      exactSets: {
        label: 'Exact sets',
        unit: '',
        form: 'share',
        better: 'higher',
        help: 'The share of examples for which every class is right, those that it is not of as well.',
      },
      meanAbsoluteError: {
        label: 'Mean absolute error',
        unit: '',
        form: 'number',
        better: 'lower',
        help: 'How far the value is from the wanted one on average.',
      },
      rootMeanSquareError: {
        label: 'Root mean square error',
        unit: '',
        form: 'number',
        better: 'lower',
        help: 'The same where large errors count more.',
      },
      correlation: {
        label: 'Correlation',
        unit: '',
        form: 'number',
        better: 'higher',
        help: 'Pearson’s: 1 where values rise and fall with the wanted ones, 0 where they have nothing to do with them.',
      },
    },
  },
} as const satisfies Record<string, TaskFacts>;

export type TaskKind = keyof typeof tasks;

/** A figure by the name that a report has for it. */
export function figureOf(task: TaskKind, name: string): Figure | undefined {
  const figures: Readonly<Record<string, Figure>> = tasks[task].figures;
  return figures[name];
}
