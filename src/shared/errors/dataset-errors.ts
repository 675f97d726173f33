/** What can be wrong with data files and tokenizers. */
import type { BadLine, RowUnit } from '../contract/data-report.ts';
import { howMany, verbOf } from '../how-many.ts';
import { listed } from './listed.ts';
import type { Catalogue } from './problem.ts';

export type DataFormat = 'JSONL' | 'JSON' | 'CSV' | 'TSV' | 'Parquet';
type BadRows = { path: string; unit: RowUnit; badLines: readonly BadLine[] };

/** The first of them, one a row, and how many more there are. */
function listLines({ unit, badLines }: BadRows): string {
  const shown = badLines.slice(0, 20).map(({ line, reason }) => `${unit} ${line}: ${reason}`);
  const more = badLines.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

/** `path` is the template's file, where it has one. */
type TemplateFault = { fault: keyof typeof templateFaults; path: string | null; reason: string };

const ownTemplate =
  'Get the chat template of the model again, or write one into chat_template.jinja in the folder of the model.';

const templateFaults = {
  source: { does: 'cannot be read', next: ownTemplate },
  refusal: {
    does: 'refuses this conversation',
    next: 'Change the roles or their order to what the model knows.',
  },
  error: {
    does: 'stops with an error',
    next: 'Use another chat template: put it into chat_template.jinja in the folder of the model. Or leave out what is special about this conversation, such as tools.',
  },
};

export const datasetErrors = {
  'dataset/not-found': (d: { path: string }) => ({
    what: 'There is no such data file.',
    where: d.path,
    next: 'Check the path, or choose the file again.',
  }),
  'dataset/not-readable': (d: { path: string; reason: string }) => ({
    what: `The data file cannot be read: ${d.reason}.`,
    where: d.path,
    next: 'Choose a file that you may read.',
  }),
  'dataset/wrong-format': (d: { path: string; format: DataFormat; reason: string }) => ({
    what: `This cannot be read as ${d.format}: ${d.reason}.`,
    where: d.path,
    next:
      d.format === 'JSONL'
        ? 'Write one JSON object a line, for instance {"prompt": "…", "completion": "…"}.'
        : 'Write the file anew, or give it the ending of its format: .jsonl, .json, .csv, .tsv or .parquet.',
  }),
  'dataset/none-usable': (d: BadRows) => ({
    what: `None of the first ${d.badLines.length} ${d.unit}s of the data file can be used (${d.unit} ${d.badLines[0]?.line ?? 1}: ${d.badLines[0]?.reason ?? ''}).`,
    where: d.path,
    next: 'Choose a file of examples, or say which columns hold what: --map prompt=question,completion=answer.',
  }),
  'dataset/no-column': (d: { path: string; column: string; others: string[] }) => ({
    what: `The data file has no column "${d.column}", which is mapped; it has ${listed(d.others.map((name) => `"${name}"`))}.`,
    where: d.path,
    next: 'Correct the mapping of the columns (--map).',
  }),
  'dataset/empty': (d: { path: string }) => ({
    what: 'The data file has no examples in it.',
    where: d.path,
    next: 'Write at least one JSON object into it, for instance {"prompt": "…", "completion": "…"}.',
  }),
  'dataset/bad-lines': (d: BadRows) => ({
    what: `${d.badLines.length === 1 ? `One ${d.unit}` : `${d.badLines.length} ${d.unit}s`} of the data file cannot be used:\n${listLines(d)}`,
    where: d.path,
    next: 'Correct or remove them, or map columns that have other names (--map), and try again.',
  }),
  'dataset/one-class': (d: { path: string; names: readonly string[] }) => ({
    what:
      d.names.length === 0
        ? 'None of the examples is of any class, so there is nothing to tell apart.'
        : `Every example has the same label (${listed(d.names)}), so there is nothing to tell apart.`,
    where: d.path,
    next: 'Add examples of other classes. A list as a label names the classes that are true, such as ["bug", "security"], and is no row of 0 and 1.',
  }),
  'dataset/bad-example': (d: { line: number; reason: string }) => ({
    what: `An example cannot be used: ${d.reason}.`,
    where: `line ${d.line}`,
    next: 'Correct or remove it, and try again.',
  }),
  'dataset/all-too-long': (d: { path: string; examples: number; sequenceLength: number }) => ({
    what: `Every one of the ${d.examples} examples is longer than the sequence length of ${d.sequenceLength} tokens, so there is nothing to train on.`,
    where: d.path,
    next: 'Raise the sequence length, or shorten the examples.',
  }),
  'dataset/no-validation': (d: { path: string; examples: number; sequenceLength: number }) => ({
    what: `Every one of the ${d.examples} examples for validation is longer than the sequence length of ${d.sequenceLength} tokens, so there is nothing to validate on.`,
    where: d.path,
    next: 'Raise the sequence length, name another validation file or share, or train without validation.',
  }),
  'dataset/too-few-to-split': (d: { path: string; examples: number }) => ({
    what: `${howMany(d.examples, 'example')} ${verbOf(d.examples)} too few to hold some back for validation.`,
    where: d.path,
    next: 'Add examples, name a validation file, or train without validation.',
  }),
  'tokenizer/not-supported': (d: { path: string; reason: string }) => ({
    what: `The model's tokenizer is not supported: ${d.reason}.`,
    where: d.path,
    next: 'Use another file of this model; a Hugging Face folder with a tokenizer.json works for most.',
  }),
  'tokenizer/not-in-gguf': (d: { path: string; reason: string }) => ({
    what: `A GGUF file cannot hold the model's tokenizer: ${d.reason}.`,
    where: d.path,
    next: 'Export the model as a Hugging Face directory, which keeps its tokenizer as it is.',
  }),
  'tokenizer/damaged': (d: { path: string; reason: string }) => ({
    what: `The model's tokenizer cannot be used: ${d.reason}.`,
    where: d.path,
    next: 'Fetch the model again; the file is incomplete or was changed.',
  }),
  'tokenizer/no-chat-template': () => ({
    what: 'The model has no chat template, so it cannot be given a conversation.',
    next: 'Use data with "prompt" and "completion" or with "text", or choose an instruction-tuned model.',
  }),
  'tokenizer/template-failed': (d: TemplateFault) => ({
    what: `The model's chat template ${templateFaults[d.fault].does}: ${d.reason}.`,
    ...(d.path !== null && { where: d.path }),
    next: templateFaults[d.fault].next,
  }),
  'tokenizer/template-too-large': (d: { path: string | null; bytes: number; most: number }) => ({
    what: `The model's chat template has ${d.bytes} bytes, and ${d.most} are the most; no known one has a tenth of that.`,
    ...(d.path !== null && { where: d.path }),
    next: ownTemplate,
  }),
  'tokenizer/takes-too-long': (d: { what: 'tokenizer' | 'chat template' }) => ({
    what: `The model's ${d.what} takes longer over a text than any that is known, and may never come to an end.`,
    where: d.what,
    next: 'Get the model again from where it came from, or choose another one; its files may be made to stop a program.',
  }),
  'tokenizer/no-thinking': (d: { thinking: 'on' | 'off' }) => ({
    what: `Thinking is set to ${d.thinking}, and the model's chat template does not ask whether to think.`,
    where: 'chat template',
    next: 'Leave the setting at automatic, or choose a model whose template asks.',
  }),
  'tokenizer/unlike-prompt': (d: { line: number; message: number; begins: string | null }) => ({
    what:
      d.begins === null
        ? `The model's chat template writes what stands before an answer otherwise once the answer is there, so the answer cannot be learnt as it would be given (first in line ${d.line}, message ${d.message}).`
        : `The model's chat template begins every answer with ${JSON.stringify(d.begins)} when it asks, and the answer in line ${d.line}, message ${d.message}, does not begin so.`,
    where: 'chat template',
    next:
      d.begins === null
        ? 'Use another chat template: put it into chat_template.jinja in the folder of the model.'
        : `Begin every answer in the data with ${JSON.stringify(d.begins.trim())}, with nothing in it where nothing was thought, or give each a "reasoning_content", or use a chat template that asks without it.`,
  }),
  'tokenizer/ignored-part': (d: { part: string }) => ({
    what: `The model's chat template does not use ${d.part}, so the model would not see it.`,
    where: 'messages',
    next: 'Take it out, or write it into the content of a message of the user.',
  }),
  'tokenizer/no-tokens': (d: { from: 'prompt' | 'chat template' }) => ({
    what:
      d.from === 'prompt'
        ? 'The prompt is no tokens at all, so there is nothing that an answer could follow.'
        : "The model's chat template makes no tokens at all of the conversation, so there is nothing that an answer could follow.",
    where: d.from,
    next:
      d.from === 'prompt'
        ? 'Write something into the prompt.'
        : 'Get the chat template of the model again, or write one into chat_template.jinja in the folder of the model; an empty file writes nothing.',
  }),
  'tokenizer/no-row': (d: { token: string; id: number; rows: number }) => ({
    what: `The token ${JSON.stringify(d.token)} has the id ${d.id}, and the model's embedding has only ${d.rows} rows, with the ids 0 to ${d.rows - 1}.`,
    where: 'tokenizer',
    next: 'Take the token out of the text, or use the model that the tokenizer was made for: its embedding was not enlarged for this token.',
  }),
  'tokenizer/which-template': (d: { path: string; names: string[] }) => ({
    what: `The model has several chat templates, ${listed(d.names)}, and none of them is called "default".`,
    where: d.path,
    next: 'Write the one for chats into chat_template.jinja in the folder of the model.',
  }),
} satisfies Catalogue;
