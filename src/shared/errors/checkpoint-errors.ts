/** What can be wrong with base model files. */
import type { Catalogue } from './problem.ts';
import { listed } from './listed.ts';

export const checkpointErrors = {
  'checkpoint/not-found': (d: { path: string }) => ({
    what: 'There is no model here: neither a .gguf file nor a folder with config.json.',
    where: d.path,
    next: 'Check the path; it names a .gguf file or a Hugging Face folder.',
  }),
  'checkpoint/unreadable': (d: { path: string; reason: string }) => ({
    what: `The file cannot be read: ${d.reason}.`,
    where: d.path,
    next: 'Check that it exists, is not in use by another program, and may be read by you.',
  }),
  'checkpoint/bad-config': (d: { path: string; problems: string[] }) => ({
    what: `The model's configuration is not usable: ${listed(d.problems)}.`,
    where: d.path,
    next: 'Get the model again from where it came from; its configuration may be damaged.',
  }),
  'checkpoint/unknown-architecture': (d: {
    path: string;
    architecture: string;
    known: readonly string[];
  }) => ({
    what: `The architecture of this model is “${d.architecture}”, which Lorikeet does not compute.`,
    where: d.path,
    next: `Choose a model with one of these architectures: ${d.known.join(', ')}.`,
  }),
  'checkpoint/unsupported-settings': (d: { path: string; settings: string[] }) => ({
    what: `The model asks for things that Lorikeet does not compute: ${listed(d.settings)}.`,
    where: d.path,
    next: 'Choose a model without these settings; with them ignored its answers would be wrong.',
  }),
} satisfies Catalogue;
