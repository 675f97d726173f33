/** What can go wrong with a model or adapter that is written for another program. */
import { listed } from './listed.ts';
import type { Catalogue } from './problem.ts';

/** '0.4 %' */
function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

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
  /** `share` of what the adapter changes, ± `deviation`, by a sample. */
  'export/loses-adapter': (d: { path: string; type: string; share: number; deviation: number }) => ({
    what: `As ${d.type} the file would hold only ${percent(d.share)} ± ${percent(d.deviation)} of what the adapter changes: the weights lie on the steps of that type already, and rounding takes the change back. Nothing was written.`,
    where: d.path,
    next: 'Write it as Q8_0 or F16; or leave the base file as it is and export a GGUF adapter, which llama.cpp adds to it; or merge into the original 16-bit weights (--merge-base on the command line, "Merge into" in the window). To write it all the same: --force on the command line, "Write it all the same" in the window.',
  }),
  'export/nothing-merged': (d: { what: string; mergeBase: string }) => ({
    what: `Other weights to merge into were given, and nothing is merged: ${d.what}.`,
    where: d.mergeBase,
    next: 'Leave them out, or write base and adapter as a Hugging Face, GGUF or Ollama model.',
  }),
  /** `what`: settings and tensors in which they differ. */
  'merge/other-model': (d: { path: string; mergeBase: string; what: string[] }) => ({
    what: `This is no other form of the model that the adapter was trained on, ${d.path}: ${listed(d.what, 5)} ${d.what.length === 1 ? 'differs' : 'differ'}.`,
    where: d.mergeBase,
    next: 'Name the 16-bit weights that the base was quantised from.',
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
