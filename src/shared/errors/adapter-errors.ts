/** What can be wrong with LoRA settings and adapter files. */
import { listed } from './listed.ts';
import type { Catalogue } from './problem.ts';

export const adapterErrors = {
  'adapter/not-found': (d: { path: string }) => ({
    what: 'There is no adapter here: no adapter_config.json.',
    where: d.path,
    next: 'Choose a folder that holds adapter_config.json and adapter_model.safetensors, or put back the adapter that was here.',
  }),
  'adapter/no-weights': (d: { path: string }) => ({
    what: 'The adapter has no adapter_model.safetensors; older .bin files are not read.',
    where: d.path,
    next: 'Save the adapter again with safe_serialization, or get its safetensors file.',
  }),
  'adapter/bad-config': (d: { path: string; problems: string[] }) => ({
    what: `The adapter's configuration is not usable: ${listed(d.problems)}.`,
    where: d.path,
    next: 'Correct the file, or get the adapter again.',
  }),
  'adapter/unsupported-options': (d: { path: string; options: string[] }) => ({
    what: `The adapter uses PEFT options that Lorikeet does not compute: ${listed(d.options)}.`,
    where: d.path,
    next: 'Choose a plain LoRA or rsLoRA adapter; with these options ignored its answers would be wrong.',
  }),
  'adapter/bad-tensors': (d: { path: string; problems: string[] }) => ({
    what: `The adapter's weights are not usable: ${listed(d.problems)}.`,
    where: d.path,
    next: 'Get both files of the adapter again; they may come from different runs.',
  }),
  'adapter/own-embeddings': (d: { path: string; problems: string[] }) => ({
    what: `The adapter brings embeddings of its own, which Lorikeet does not compute with: ${listed(d.problems)}.`,
    where: d.path,
    next: 'Choose the model that has these embeddings as the base, put them into it with PEFT (merge_and_unload), or save the adapter again with save_embedding_layers=False.',
  }),
  'adapter/other-task': (d: { path: string; taskType: string | null; wanted: string }) => ({
    what: `The adapter is for another task (task_type ${d.taskType ?? 'not named'}) than what it is used with, which classifies sequences (${d.wanted}).`,
    where: d.path,
    next: 'Use classifiers with classifiers, and adapters for answers with a model that answers.',
  }),
  'adapter/no-head': (d: { path: string; problems: string[] }) => ({
    what: `The head of this classifier cannot be used: ${listed(d.problems)}.`,
    where: d.path,
    next: 'Save the adapter again with its head (modules_to_save), or choose the model that it was trained on.',
  }),
  'adapter/labels-differ': (d: { path: string; labels: readonly string[]; first: readonly string[] }) => ({
    what: `The adapters tell different classes apart: this one ${listed([...d.labels], 8)}, the first one ${listed([...d.first], 8)}.`,
    where: d.path,
    next: 'Use them one at a time.',
  }),
  'adapter/other-base': (d: { path: string; model: string; first: string }) => ({
    what: `The adapters were trained on different models: this one on ${d.model}, the first one on ${d.first}.`,
    where: d.path,
    next: 'Use adapters of one model together.',
  }),
  'adapter/does-not-fit': (d: { path: string; problems: string[] }) => ({
    what: `The adapter was made for another model: ${listed(d.problems, 40)}.`,
    where: d.path,
    next: 'Choose the model that the adapter was trained on, or another adapter.',
  }),
} satisfies Catalogue;
