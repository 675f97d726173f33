/** The Modelfile by which Ollama takes a GGUF file: its template, where answers stop, and how much text it looks at. */
import { listed } from '../../../../shared/errors/listed.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { ollamaTemplate } from './ollama-template.ts';

/**
 * Ollama keeps room for a whole window from the start and takes 4096 tokens where nothing is said; a model that was made for less
 * must not be given more.
 */
const mostContext = 4096;

export type Modelfile = { text: string; notices: string[] };

/**
 * @param ggufFile name of the merged model's file, which lies beside the Modelfile
 * @param chatTemplate the Jinja source; null for a model without one
 * @param contextLength the model's, in tokens
 */
export function ollamaModelfile(model: {
  ggufFile: string;
  tokenizer: Tokenizer;
  chatTemplate: string | null;
  contextLength: number;
}): Modelfile {
  const { ggufFile, tokenizer, chatTemplate, contextLength } = model;
  const { template, notices: told } =
    chatTemplate === null
      ? { template: null, notices: [withoutTemplate] }
      : ollamaTemplate(tokenizer, chatTemplate);
  const stops = tokenizer.stopTokenIds.map((id) => tokenizer.decode([id]));
  const unwritable = stops.filter((stop) => !isWritable(stop)).map((stop) => JSON.stringify(stop));
  const notices = [
    ...told,
    ...(unwritable.length === 0 ? [] : [`${notWritten} ${listed(unwritable)}.`]),
  ];
  const lines = [
    ...notices.map((notice) => `# ${notice.replaceAll(/\s+/g, ' ')}`),
    `FROM ${quotedWhereNeeded(`./${ggufFile}`)}`,
    ...(template === null ? [] : [`TEMPLATE """${template}"""`]),
    ...stops.filter(isWritable).map((stop) => `PARAMETER stop ${quoted(stop)}`),
    `PARAMETER num_ctx ${Math.min(contextLength, mostContext)}`,
  ];
  return { text: `${lines.join('\n')}\n`, notices };
}

const withoutTemplate =
  'The model has no chat template: Ollama gives it prompts as they are, so that it goes on with them.';

const notWritten =
  'A Modelfile cannot say some of the tokens that end an answer; Ollama stops at them where the GGUF file names them:';

/** Ollama leaves characters out that cannot be seen; three quotation marks end a value. */
function isWritable(stop: string): boolean {
  return stop.trim() !== '' && !/"""|"$|(?! )[\p{Z}\p{C}]/u.test(stop);
}

/** A Modelfile knows no escapes; within three quotation marks one stands for itself. */
function quoted(text: string): string {
  return text.includes('"') ? `"""${text}"""` : `"${text}"`;
}

function quotedWhereNeeded(text: string): string {
  return /[\s"]/.test(text) ? quoted(text) : text;
}
