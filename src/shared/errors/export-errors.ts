/** What can go wrong with a model or adapter that is written for another program. */
import { listed } from './listed.ts';
import type { Catalogue } from './problem.ts';

export const exportErrors = {
  /** `what`: settings or tensors of the model. */
  'export/not-in-gguf': (d: { path: string; what: string[] }) => ({
    what: `A GGUF file has no place for ${listed(d.what, 5)} of this model, so programs that read it would compute something else; nothing was written.`,
    where: d.path,
    next: 'Export it as a Hugging Face model or as a PEFT adapter.',
  }),
  'export/no-gguf-family': (d: { path: string; architecture: string }) => ({
    what: `No GGUF files are written of models of the kind “${d.architecture}”.`,
    where: d.path,
    next: 'Export it as a Hugging Face model or as a PEFT adapter.',
  }),
  'export/no-head-in-gguf': (d: { path: string }) => ({
    what: 'The adapter has trained a head that tells texts apart, and GGUF files of such models are not written.',
    where: d.path,
    next: 'Export it as a Hugging Face model or as a PEFT adapter.',
  }),
  'export/unknown-type': (d: { to: string; type: string; known: readonly string[] }) => ({
    what:
      d.known.length === 0
        ? `“${d.type}” cannot be chosen: what is written as ${d.to} has one type only.`
        : `“${d.type}” is no type of ${d.to}.`,
    next:
      d.known.length === 0 ? 'Leave the type out.' : `Choose one of ${listed([...d.known], 20)}.`,
  }),
} satisfies Catalogue;
