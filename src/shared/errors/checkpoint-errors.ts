/** What can be wrong with base model files. */
import type { Catalogue } from './problem.ts';
import { listed } from './listed.ts';

export const checkpointErrors = {
  'checkpoint/not-found': (d: { path: string }) => ({
    what: 'There is no model here: neither a .gguf file nor a folder with config.json.',
    where: d.path,
    next: 'Check the path; it names a .gguf file or a Hugging Face folder.',
  }),
  'checkpoint/not-a-model': (d: { path: string; found: string; next: string }) => ({
    what: `This is ${d.found}, not a model.`,
    where: d.path,
    next: d.next,
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
  'checkpoint/positions-end': (d: { path: string; tokens: number; positions: number }) => ({
    what: `${d.tokens} tokens are asked for, and this model has learnt ${d.positions} positions and no further ones.`,
    where: d.path,
    next: `Set the sequence length to ${d.positions} or less; when you ask it, prompt and answer together may have as many tokens.`,
  }),
  'checkpoint/no-weights': (d: { path: string; found: string[] }) => ({
    what:
      d.found.length === 0
        ? 'There is neither model.safetensors nor model.safetensors.index.json here.'
        : `The weights are only in formats that Lorikeet does not read: ${listed(d.found)}.`,
    where: d.path,
    next: 'Get the safetensors files of this model, and put them beside config.json.',
  }),
  'checkpoint/missing-files': (d: { path: string; files: string[] }) => ({
    what: `Some of the model's files are missing: ${listed(d.files)}.`,
    where: d.path,
    next: 'Get the missing files, and put them beside the others.',
  }),
  'checkpoint/bad-json': (d: { path: string; reason: string }) => ({
    what: `The file is damaged or was changed by hand: ${d.reason}.`,
    where: d.path,
    next: 'Get this file again from where the model came from.',
  }),
  'checkpoint/tokenizer-missing': (d: { path: string }) => ({
    what: 'The model has no tokenizer.json, so text cannot be turned into tokens.',
    where: d.path,
    next: 'Get tokenizer.json of this model, and put it beside config.json.',
  }),
  'checkpoint/cut-short': (d: { path: string; bytes: number; needed: number }) => ({
    what: `The file is cut short: it has ${d.bytes} bytes, and by its own table it needs at least ${d.needed}.`,
    where: d.path,
    next: 'Download or copy the file again; the last attempt ended too early.',
  }),
  'checkpoint/bad-gguf': (d: { path: string; reason: string }) => ({
    what: `This is not a usable GGUF file: ${d.reason}.`,
    where: d.path,
    next: 'Get the file again, or choose a .gguf file of version 2 or 3.',
  }),
  'checkpoint/split-gguf': (d: { path: string; parts: number }) => ({
    what: `The model lies in ${d.parts} GGUF files, and Lorikeet reads models of one.`,
    where: d.path,
    next: 'Join them: `llama-gguf-split --merge FIRST OUTPUT` of llama.cpp does, or get the model as one file.',
  }),
  'checkpoint/ollama-pieces': (d: { path: string }) => ({
    what: 'Ollama keeps this model in a form of its own, a file for each tensor, and not as a GGUF file.',
    where: d.path,
    next: 'Get the GGUF or safetensors files that it was made from, and add those.',
  }),
  'checkpoint/ollama-blob-missing': (d: { path: string }) => ({
    what: 'Ollama knows this model, and has no GGUF file of it here: it was not fetched to the end, or runs elsewhere.',
    where: d.path,
    next: 'Have Ollama fetch it again (`ollama pull`), and look again.',
  }),
  'checkpoint/bad-safetensors': (d: { path: string; problems: string[] }) => ({
    what: `The safetensors file is damaged: ${listed(d.problems)}.`,
    where: d.path,
    next: 'Get the file again from where it came from.',
  }),
  'checkpoint/unknown-tensor-type': (d: {
    path: string;
    tensors: string[];
    known: readonly string[];
  }) => ({
    what: `Some tensors have a type that Lorikeet does not read: ${listed(d.tensors)}.`,
    where: d.path,
    next: `Choose a version of the model that is stored as one of ${d.known.join(', ')}.`,
  }),
  'checkpoint/quantised-otherwise': (d: { path: string; method: string }) => ({
    what: `The weights of this model are quantised in a way that Lorikeet does not read: ${d.method}.`,
    where: d.path,
    next: 'Choose the model that it was made from, with its 16-bit weights, or a version quantised by bitsandbytes or in a GGUF file. A 16-bit model can be quantised while it is loaded: nf4 or int8.',
  }),
  'checkpoint/bad-quantisation': (d: { path: string; problems: string[] }) => ({
    what: `The quantised weights are not as bitsandbytes writes them: ${listed(d.problems)}.`,
    where: d.path,
    next: 'Get all files of the model again, or choose the model that it was made from, with its 16-bit weights.',
  }),
  'checkpoint/quantised-already': (d: { path: string; form: string; stored: string[] }) => ({
    what: `The base cannot be quantised to ${d.form}: its weights are quantised already (${listed(d.stored)}).`,
    where: d.path,
    next: 'Choose “packed”, which keeps them as they are in the file, or “dense”; or choose the 16-bit weights of the model.',
  }),
  'checkpoint/nothing-packed': (d: { path: string; stored: string[] }) => ({
    what: `The base cannot be held as in the file: none of the matrices of its layers can stay as it is there (${listed(d.stored)}).`,
    where: d.path,
    next: 'Choose “dense”, or have it quantised while it is loaded: “int8” or “nf4”.',
  }),
  'checkpoint/bad-tensors': (d: { path: string; problems: string[] }) => ({
    what: `The table of tensors is damaged: ${listed(d.problems)}.`,
    where: d.path,
    next: 'Get the file again from where it came from.',
  }),
  'checkpoint/misfit': (d: { path: string; problems: string[] }) => ({
    what: `The weights do not fit the model's configuration: ${listed(d.problems)}.`,
    where: d.path,
    next: 'Get all files of the model again; they may come from different versions.',
  }),
  'checkpoint/not-finite': (d: { path: string; name: string }) => ({
    what: `The model's weight ${d.name} has values that are not finite (NaN or infinite), so every answer would be NaN.`,
    where: d.path,
    next: 'Get the model again from where it came from; if it is your own, its training diverged or its numbers did not fit into float16.',
  }),
  'checkpoint/no-tensor': (d: { path: string; name: string }) => ({
    what: `The model has no weight called ${d.name}.`,
    where: d.path,
    next: 'Choose one of the weights of this model.',
  }),
} satisfies Catalogue;
