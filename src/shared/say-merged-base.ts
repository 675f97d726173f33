/** What a merge says of its bases, in rows of label and value, for the window and the command line. */
import type { MergedBase } from './contract/merge-report.ts';
import { sayBase } from './say-base.ts';

export type BaseRow = { label: string; value: string; help: string };

/** Modules that are named. */
const worst = 3;

export function mergedBaseRows(base: MergedBase): BaseRow[] {
  const { trainedOn, mergedInto } = base;
  return [
    {
      label: mergedInto === null ? 'Merged into' : 'Trained on',
      value: `${sayFiles(trainedOn)}, held: ${sayBase(trainedOn.held)}`,
      help: 'The base with the values that the adapter learnt on: what it changes fits exactly there.',
    },
    ...(mergedInto === null
      ? []
      : [
          {
            label: 'Merged into',
            value: sayFiles(mergedInto),
            help: 'Other weights of the same model. The checks hold the files against these weights with the adapter.',
          },
        ]),
    ...errorRows(base),
    ...lossRows(base),
  ];
}

/** 'model.gguf (Q4_1, F32)' */
function sayFiles({ path, files, storedAs }: Omit<MergedBase['trainedOn'], 'held'>): string {
  const name = path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
  const weights = files.filter((file) => file !== name && file.endsWith('.safetensors'));
  const within = weights.length === 0 ? '' : `/${weights.length === 1 ? weights[0] ?? '' : `${weights.length} files`}`;
  return `${name}${within} (${storedAs.join(', ')})`;
}

function errorRows({ quantisationError }: MergedBase): BaseRow[] {
  if (quantisationError === null) return [];
  const { median, modules } = quantisationError;
  const largest = modules.slice(0, worst).map(({ module, ratio }) => `${figure(ratio)} ${module}`);
  return [
    {
      label: 'Error of quantising beside the change',
      value: `${figure(median)} times, median of ${modules.length}`,
      help: '‖W − W_q‖ / ‖ΔW‖ by module: how far the base that was trained on is from its original weights, beside what the adapter changes.',
    },
    {
      label: 'The largest of it',
      value: largest.join(', '),
      help: 'Where merging into other weights moves the base by more than the adapter does.',
    },
  ];
}

function lossRows({ losses }: MergedBase): BaseRow[] {
  if (losses === null) return [];
  const { on, because, places, trained, merged, written } = losses;
  const row = (label: string, loss: number, help: string): BaseRow => {
    return { label, value: loss.toFixed(4), help };
  };
  return [
    {
      label: 'Compared on',
      value:
        on === 'validation'
          ? `the validation data of the run, ${places} places`
          : `the prompts of the proof, ${places} tokens, since ${because ?? 'there is nothing else'}`,
      help: 'What was trained and both merges are scored on it. The losses are shown and decide nothing.',
    },
    row('Loss of base and adapter as trained', trained, 'Side by side, as while it learnt.'),
    row('Loss merged into that base', merged, 'What would be written without other weights.'),
    row('Loss of what was written', written, 'Merged into the other weights.'),
  ];
}

/** Three digits. */
function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
