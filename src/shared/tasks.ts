/** What a model can be trained for, and the figures that tell how well it does. */

export type Figure = {
  label: string;
  /** After the number; empty where the label says it all. */
  unit: string;
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
        better: 'lower',
        help: 'How surprised the model is by each token of the wanted answers; 0 would be certainty.',
      },
      perplexity: {
        label: 'Perplexity',
        unit: '',
        better: 'lower',
        help: 'The loss as a number of choices: among how many equally likely tokens the model still wavers.',
      },
      exactMatch: {
        label: 'Exact match',
        unit: '',
        better: 'higher',
        help: 'The share of answers that are the wanted ones, letter for letter.',
      },
    },
  },
} as const satisfies Record<string, TaskFacts>;

export type TaskKind = keyof typeof tasks;
