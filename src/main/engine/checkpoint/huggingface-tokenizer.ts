/** The tokenizer files of a Hugging Face directory. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { TokenizerFiles } from '../tokenizer/files.ts';
import { textOf } from '../../../shared/text-of.ts';
import { parseJsonObject, readBytes, readJsonObjectIfThere, readText } from './json-file.ts';

/**
 * tokenizer.json is needed, and parsed when it is first looked into; the others are read where they are.
 * Errors: checkpoint/tokenizer-missing, checkpoint/bad-json.
 */
export function readTokenizerFiles(path: string): TokenizerFiles {
  const tokenizerPath = join(path, 'tokenizer.json');
  if (!existsSync(tokenizerPath)) {
    throw lorikeetError('checkpoint/tokenizer-missing', { path: tokenizerPath });
  }
  const tokenizerConfig = readJsonObjectIfThere(join(path, 'tokenizer_config.json')) ?? {};
  const templatePath = join(path, 'chat_template.jinja');
  const tokenizerFile = withoutMark(readBytes(tokenizerPath));
  let parsed: Record<string, unknown> | undefined;
  return {
    tokenizerFile,
    get tokenizerJson() {
      return (parsed ??= parseJsonObject(textOf(tokenizerFile), tokenizerPath));
    },
    tokenizerConfig,
    chatTemplate: existsSync(templatePath)
      ? readText(templatePath)
      : templateOf(tokenizerConfig['chat_template']),
    generationConfig: readJsonObjectIfThere(join(path, 'generation_config.json')),
  };
}

/** The bytes themselves, which a merge copies, unless they begin with a byte order mark, which other programs do not read. */
function withoutMark(bytes: Buffer): Buffer {
  return [0xef, 0xfe, 0xff].includes(bytes[0] ?? 0) ? Buffer.from(textOf(bytes)) : bytes;
}

const named = z.array(z.object({ name: z.string(), template: z.string() }));

/** The older place: a template, or several with names, of which `default` is the one for chats. */
function templateOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  const several = named.safeParse(value);
  if (!several.success) return null;
  return several.data.find((each) => each.name === 'default')?.template ?? null;
}
