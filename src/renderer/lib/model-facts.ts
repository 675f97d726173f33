/** What a person chooses a model by: a line of figures, and all of them with a word of help. */
import type { ModelDescription } from '../../shared/contract/records.ts';
import { formatBytes, formatCompact, formatCount } from '../../shared/format.ts';
import type { Fact } from './origin-facts.ts';
import { taskChoices } from './task-says.ts';

/** 'llama', '135 M parameters', … */
export function modelLine(model: ModelDescription): string[] {
  return [
    model.architecture,
    `${formatCompact(model.parameters)} parameters`,
    `${formatCount(model.layers)} layers`,
    `context ${formatCompact(model.contextLength)}`,
    model.storedAs.join(', '),
    formatBytes(model.fileBytes),
  ];
}

export function modelFacts(model: ModelDescription): Fact[] {
  const names = [...new Set(model.modules.map(({ name }) => name))];
  return [
    {
      label: 'Family',
      help: 'How the model computes, as its files say it (model_type).',
      value: model.architecture,
    },
    {
      label: 'Parameters',
      help: 'The numbers that it has learnt. An adapter adds about one in a hundred.',
      value: formatCount(model.parameters),
    },
    {
      label: 'Layers',
      help: 'How many layers lie on top of each other, and how many numbers each passes on for a token.',
      value: `${formatCount(model.layers)} of width ${formatCount(model.hiddenSize)}`,
    },
    {
      label: 'Vocabulary',
      help: 'Into how many different tokens, pieces of words, it cuts text.',
      value: `${formatCount(model.vocabSize)} tokens`,
    },
    {
      label: 'Context',
      help: 'How many tokens it can read at once.',
      value: `${formatCount(model.contextLength)} tokens`,
    },
    {
      label: 'Weights',
      help: 'The types that its numbers are stored in, the one with most bytes first, and the size of the files.',
      value: `${model.storedAs.join(', ')}, ${formatBytes(model.fileBytes)}`,
    },
    {
      label: 'Chat template',
      help: 'How conversations are written for it. Without one it learns from texts and pairs only.',
      value: model.hasChatTemplate ? 'yes' : 'none',
    },
    {
      label: 'Can learn',
      help: 'What it can be trained for.',
      value: taskChoices
        .filter(({ value }) => model.tasks.includes(value))
        .map(({ label }) => label)
        .join(', '),
    },
    {
      label: 'Linear modules',
      help: 'The matrices of a layer on which adapters can sit.',
      value: names.join(', '),
    },
  ];
}
